#include "base/deadline_queue.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

namespace {

Instant at(std::int64_t ms) {
  return Instant(Duration(ms));
}

std::vector<std::uint32_t> expired(DeadlineQueue& queue, Instant now) {
  std::vector<std::uint32_t> members;
  std::uint32_t member = 0;
  Instant due;
  while (queue.pop_expired(now, member, due)) members.push_back(member);
  return members;
}

}  // namespace

TEST_GROUP(DeadlineQueue) {
  DeadlineQueue queue{4, Duration(100)};
};

TEST(DeadlineQueue, EmptyNeverExpires) {
  CHECK(queue.next_due() == kNever);
  CHECK(expired(queue, at(1'000'000)).empty());
}

TEST(DeadlineQueue, ExpiresAtItsMillisecondAndNotBefore) {
  queue.arm(2, at(1000));
  CHECK(queue.armed(2));
  CHECK(queue.next_due() == at(1100));
  CHECK(expired(queue, at(1099)).empty());
  CHECK((expired(queue, at(1100)) == std::vector<std::uint32_t>{2}));
  CHECK_FALSE(queue.armed(2));
  CHECK(queue.next_due() == kNever);
}

TEST(DeadlineQueue, TellsTheDeadlineItPops) {
  queue.arm(1, at(7));
  std::uint32_t member = 0;
  Instant due;
  CHECK(queue.pop_expired(at(5000), member, due));
  CHECK(due == at(107));
}

TEST(DeadlineQueue, ExpiresInTheOrderOfArming) {
  queue.arm(3, at(1));
  queue.arm(0, at(2));
  queue.arm(1, at(3));
  CHECK((expired(queue, at(102)) == std::vector<std::uint32_t>{3, 0}));
  CHECK((expired(queue, at(103)) == std::vector<std::uint32_t>{1}));
}

TEST(DeadlineQueue, ArmingAgainMovesToTheTail) {
  queue.arm(0, at(0));
  queue.arm(1, at(10));
  queue.arm(0, at(20));
  CHECK(queue.next_due() == at(110));
  CHECK((expired(queue, at(120)) == std::vector<std::uint32_t>{1, 0}));
}

TEST(DeadlineQueue, DisarmsHeadMiddleAndTail) {
  for (const std::uint32_t gone : {0U, 1U, 2U}) {
    DeadlineQueue three{3, Duration(100)};
    for (std::uint32_t member = 0; member < 3; ++member) three.arm(member, at(member));
    three.disarm(gone);
    three.disarm(gone);
    std::vector<std::uint32_t> expected = {0, 1, 2};
    std::erase(expected, gone);
    CHECK(expired(three, at(1000)) == expected);
  }
}

TEST(DeadlineQueue, AnEarlierStartIsLiftedToTheTail) {
  queue.arm(0, at(50));
  queue.arm(1, at(40));
  std::uint32_t member = 0;
  Instant due;
  CHECK(queue.pop_expired(at(150), member, due));
  LONGS_EQUAL(0, member);
  CHECK(queue.pop_expired(at(150), member, due));
  LONGS_EQUAL(1, member);
  CHECK(due == at(150));
}

TEST(DeadlineQueue, AgreesWithAPlainListOverManySteps) {
  std::vector<std::uint32_t> order;
  std::uint32_t random = 12345;
  for (int step = 0; step < 20000; ++step) {
    random = random * 1664525U + 1013904223U;
    const std::uint32_t member = random >> 8 & 3U;
    std::erase(order, member);
    if ((random >> 20 & 3U) == 0) {
      queue.disarm(member);
    } else {
      queue.arm(member, at(step));
      order.push_back(member);
    }
    CHECK(queue.armed(member) == (!order.empty() && order.back() == member));
  }
  CHECK(expired(queue, at(1'000'000)) == order);
}
