#include "session/outbox.h"

#include <deque>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(Outbox) {
  FramePool pool{{.small_frames = 64, .small_bytes = 16, .large_frames = 1, .large_bytes = 64}};
  Outbox outbox;

  FrameRef frame(std::string_view text) {
    return FrameBuilder(pool, text.size()).append(text).finish();
  }
  /// The outbox has the only reference.
  FrameRef push(std::string_view text) {
    const FrameRef one = frame(text);
    CHECK(outbox.push(pool, one));
    pool.release(one);
    return one;
  }
};

TEST(Outbox, HoldsAReferenceOfItsOwn) {
  const FrameRef one = frame("abc");
  CHECK(outbox.push(pool, one));
  CHECK(outbox.push(pool, one));
  pool.release(one);
  LONGS_EQUAL(2, outbox.size());
  LONGS_EQUAL(6, outbox.bytes());
  LONGS_EQUAL(1, pool.small_gauge().in_use);
  outbox.pop(pool, 1);
  LONGS_EQUAL(3, outbox.bytes());
  LONGS_EQUAL(1, pool.small_gauge().in_use);
  outbox.pop(pool, 1);
  CHECK(outbox.empty());
  LONGS_EQUAL(0, outbox.bytes());
  LONGS_EQUAL(0, pool.small_gauge().in_use);
}

TEST(Outbox, AFullRingTakesNoReference) {
  const FrameRef one = frame("a");
  for (std::size_t i = 0; i < Outbox::kCapacity; ++i) CHECK(outbox.push(pool, one));
  CHECK_FALSE(outbox.push(pool, one));
  LONGS_EQUAL(Outbox::kCapacity, outbox.size());
  outbox.clear(pool);
  LONGS_EQUAL(1, pool.small_gauge().in_use);
  pool.release(one);
  LONGS_EQUAL(0, pool.small_gauge().in_use);
}

TEST(Outbox, KeepsTheOrderRoundTheRingAsADequeDoes) {
  std::deque<FrameRef> model;
  std::uint32_t random = 1;
  for (int step = 0; step < 20000; ++step) {
    random = random * 1664525U + 1013904223U;
    if ((random >> 16 & 3U) != 0 && model.size() < Outbox::kCapacity) {
      model.push_back(push("x"));
    } else if (!model.empty()) {
      const std::size_t count = (random >> 20) % model.size() + 1;
      outbox.pop(pool, count);
      model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(count));
    }
    LONGS_EQUAL(model.size(), outbox.size());
    LONGS_EQUAL(model.size(), outbox.bytes());
    LONGS_EQUAL(model.size(), pool.small_gauge().in_use);
    for (std::size_t i = 0; i < model.size(); ++i) LONGS_EQUAL(model[i], outbox.at(i));
  }
  outbox.clear(pool);
}

TEST(Outbox, ANewerListTakesThePlaceOfTheUnsentOne) {
  push("a");
  push("old list");
  outbox.mark_latest();
  push("b");
  const FrameRef newer = frame("list");
  CHECK(outbox.replace_latest(pool, newer));
  pool.release(newer);
  LONGS_EQUAL(3, outbox.size());
  LONGS_EQUAL(1 + 4 + 1, outbox.bytes());
  LONGS_EQUAL(3, pool.small_gauge().in_use);
  CHECK(outbox.at(1) == newer);
  outbox.pop(pool, 1);
  const FrameRef third = frame("third");
  CHECK(outbox.replace_latest(pool, third));  // it is the front one now
  pool.release(third);
  outbox.pop(pool, 1);
  CHECK_FALSE(outbox.replace_latest(pool, newer));  // sent: it cannot be replaced
  outbox.clear(pool);
}

TEST(Outbox, KnowsItsLatestAcrossTheEndOfTheRing) {
  for (std::size_t i = 0; i < Outbox::kCapacity - 1; ++i) push("x");
  outbox.pop(pool, Outbox::kCapacity - 2);
  push("y");
  push("list");
  outbox.mark_latest();
  push("z");
  const FrameRef newer = frame("newer");
  CHECK(outbox.replace_latest(pool, newer));
  CHECK(outbox.at(2) == newer);
  pool.release(newer);
  outbox.clear(pool);
  CHECK_FALSE(outbox.replace_latest(pool, newer));
  LONGS_EQUAL(0, outbox.bytes());
}
