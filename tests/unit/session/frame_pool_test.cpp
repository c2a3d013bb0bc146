#include "session/frame_pool.h"

#include <string>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(FramePool) {
  FramePool pool{{.small_frames = 2, .small_bytes = 16, .large_frames = 1, .large_bytes = 70000}};

  std::size_t in_use() const {
    return pool.small_gauge().in_use + pool.large_gauge().in_use;
  }
};

TEST(FramePool, TakesTheSmallestClassThatFits) {
  struct Row {
    std::size_t bytes;
    std::size_t small;
    std::size_t large;
  };
  for (const Row row : {Row{0, 1, 0}, Row{16, 1, 0}, Row{17, 0, 1}, Row{70000, 0, 1}}) {
    const FrameRef frame = pool.allocate(row.bytes);
    CHECK(frame != kNoFrame);
    LONGS_EQUAL(row.small, pool.small_gauge().in_use);
    LONGS_EQUAL(row.large, pool.large_gauge().in_use);
    CHECK(pool.space(frame).size() >= row.bytes);
    pool.release(frame);
    LONGS_EQUAL(0, in_use());
  }
}

TEST(FramePool, RefusesWhatNoClassHoldsAndCountsIt) {
  LONGS_EQUAL(kNoFrame, pool.allocate(70001));
  LONGS_EQUAL(1, pool.large_gauge().refusals);
}

TEST(FramePool, AnEmptyClassRefusesAndDoesNotBorrow) {
  const FrameRef first = pool.allocate(1);
  const FrameRef second = pool.allocate(1);
  CHECK(first != second);
  LONGS_EQUAL(kNoFrame, pool.allocate(1));
  LONGS_EQUAL(1, pool.small_gauge().refusals);
  pool.release(first);
  LONGS_EQUAL(first, pool.allocate(1));
  LONGS_EQUAL(2, pool.small_gauge().high_water);
  pool.release(first);
  pool.release(second);
}

TEST(FramePool, TheLastReferenceGivesTheFrameBack) {
  const FrameRef frame = pool.allocate(1);
  pool.retain(frame);
  pool.release(frame);
  LONGS_EQUAL(1, in_use());
  pool.release(frame);
  LONGS_EQUAL(0, in_use());
}

TEST(FramePool, TheLargestPayloadIsThatOfTheClassesThereAre) {
  LONGS_EQUAL(70000, pool.largest_payload_bytes());
  const FramePool small_only({.small_frames = 4, .small_bytes = 200});
  LONGS_EQUAL(200, small_only.largest_payload_bytes());
}

TEST(FramePool, TheWireIsHeaderAndPayloadInOnePiece) {
  struct Row {
    std::size_t bytes;
    std::string_view header;
  };
  for (const Row row : {Row{0, "\x81\x00"sv}, Row{16, "\x81\x10"sv}, Row{125, "\x81\x7d"sv},
                        Row{126, "\x81\x7e\x00\x7e"sv}, Row{65535, "\x81\x7e\xff\xff"sv},
                        Row{65536, "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"sv}}) {
    const std::string text(row.bytes, 'x');
    const FrameRef frame = FrameBuilder(pool, text.size()).append(text).finish();
    CHECK(frame != kNoFrame);
    CHECK_EQUAL(text, std::string(pool.payload(frame)));
    CHECK_EQUAL(row.header, pool.wire(frame).substr(0, row.header.size()));
    LONGS_EQUAL(row.header.size() + text.size(), pool.wire(frame).size());
    POINTERS_EQUAL(pool.payload(frame).data(), pool.wire(frame).data() + row.header.size());
    pool.release(frame);
  }
}

TEST(FramePool, NeighboursDoNotTouch) {
  const FrameRef first = FrameBuilder(pool, 16).append("aaaaaaaaaaaaaaaa").finish();
  const FrameRef second =
      FrameBuilder(pool, 16).append("bbbbbbbbbbbbbbbb").finish(WebSocketOpcode::binary);
  CHECK_EQUAL("aaaaaaaaaaaaaaaa"sv, pool.payload(first));
  CHECK_EQUAL(
      "\x82\x10"
      "bbbbbbbbbbbbbbbb"sv,
      pool.wire(second));
  CHECK_FALSE(pool.binary(first));
  CHECK(pool.binary(second));
  pool.release(first);
  pool.release(second);
}

TEST(FramePool, ABuilderJoinsItsPartsEmptyOnesToo) {
  const FrameRef frame =
      FrameBuilder(pool, 8).append("ab").append({}).append("").append("cd").finish();
  CHECK_EQUAL("abcd"sv, pool.payload(frame));
  pool.release(frame);
}

TEST(FramePool, ABuilderThatOverflowsOnceGivesNothing) {
  FrameBuilder builder(pool, 16);
  builder.append("0123456789").append("0123456789").append("a");
  LONGS_EQUAL(kNoFrame, builder.finish());
}

TEST(FramePool, AnUnfinishedBuilderGivesItsFrameBack) {
  {
    FrameBuilder builder(pool, 16);
    builder.append("0123456789").append("0123456789");
    LONGS_EQUAL(kNoFrame, builder.finish());
    FrameBuilder other(pool, 16);
    other.append("a");
    LONGS_EQUAL(2, in_use());
  }
  LONGS_EQUAL(0, in_use());
}

TEST(FramePool, ABuilderWithoutAFrameTakesNothing) {
  FrameBuilder first(pool, 1000);
  FrameBuilder second(pool, 1000);
  LONGS_EQUAL(kNoFrame, second.append("a").append({}).finish());
}
