#include "platform/clock.h"

#include <set>
#include <string>

#include "platform/entropy.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(Clock){};

TEST(Clock, NeverRunsBackwards) {
  SystemClock clock;
  Instant last = clock.now();
  for (int i = 0; i < 1000; ++i) {
    const Instant next = clock.now();
    CHECK(next >= last);
    last = next;
  }
}

TEST(Clock, TheWallClockCountsFrom1970) {
  SystemClock clock;
  CHECK(clock.wall_now() > WallTime{});
}

TEST_GROUP(Entropy){};

TEST(Entropy, FillsEveryByteDifferently) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    std::string bytes(16, '\0');
    CHECK(fill_random(bytes));
    CHECK(seen.insert(bytes).second);
  }
  std::string many(1000, '\0');
  CHECK(fill_random(many));
  CHECK(many.find(std::string(16, '\0')) == std::string::npos);
  CHECK(fill_random({}));
}
