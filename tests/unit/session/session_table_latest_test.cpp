// Messages of which only the latest counts, and frames built from pieces.
#include <array>
#include <string>
#include <vector>

#include "session/session_table.h"
#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

/// A wire that takes nothing.
class Stuck final : public SessionDriver {
 public:
  void flush(SessionId) override { ++flushes; }
  void ended(SessionId, CloseReason) override {}

  int flushes = 0;
};

}  // namespace

TEST_GROUP(SessionTableLatest) {
  SessionRig rig{{.sessions = 3, .queue_messages = 4, .queue_bytes = 100, .small_frames = 6}};
  Stuck driver;
  SessionTable& table = rig.sessions;
  SessionId session = table.open(driver);

  bool latest(std::string_view text) {
    const FrameRef one = rig.frame(text);
    const bool queued = table.send(session, one, Delivery::latest);
    rig.frames.release(one);
    return queued;
  }
  /// What is queued, joined by `|`.
  std::string queued() {
    const Outbox& outbox = table.outbox(session);
    std::string text;
    for (std::size_t i = 0; i < outbox.size(); ++i) {
      text.append(i == 0 ? "" : "|").append(rig.frames.payload(outbox.at(i)));
    }
    return text;
  }
};

TEST(SessionTableLatest, ANewerOneTakesThePlaceOfTheOneThatWaits) {
  CHECK(rig.send(session, "a"));
  CHECK(latest("list 1"));
  CHECK(rig.send(session, "b"));
  CHECK(latest("list 2"));
  CHECK_EQUAL("a|list 2|b"sv, std::string_view(queued()));
  LONGS_EQUAL(3, rig.frames_in_use());
}

TEST(SessionTableLatest, MessagesOfWhichEachCountsAreNeverReplaced) {
  CHECK(latest("list"));
  CHECK(rig.send(session, "a"));
  CHECK(rig.send(session, "b"));
  CHECK_EQUAL("list|a|b"sv, std::string_view(queued()));
}

TEST(SessionTableLatest, AfterItHasLeftTheNextOneIsQueuedBehind) {
  CHECK(latest("list 1"));
  CHECK(rig.send(session, "a"));
  table.outbox(session).pop(rig.frames, 1);
  CHECK(latest("list 2"));
  CHECK_EQUAL("a|list 2"sv, std::string_view(queued()));
}

TEST(SessionTableLatest, AFullQueueStillTakesTheNewerOne) {
  CHECK(latest("list 1"));
  for (const std::string_view text : {"a", "b", "c"}) CHECK(rig.send(session, text));
  for (int i = 0; i < 50; ++i) CHECK(latest("list"));
  CHECK_EQUAL("list|a|b|c"sv, std::string_view(queued()));
  CHECK_FALSE(rig.send(session, "d"));
  CHECK_FALSE(table.alive(session));
}

TEST(SessionTableLatest, AFullQueueWithoutOneClosesTheSlowReader) {
  for (const std::string_view text : {"a", "b", "c", "d"}) CHECK(rig.send(session, text));
  CHECK_FALSE(latest("list"));
  CHECK_FALSE(table.alive(session));
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::slow_reader));
}

TEST(SessionTableLatest, EachSessionHasItsOwn) {
  const SessionId other = table.open(driver);
  const std::vector<SessionId> both = {session, other};
  CHECK(latest("old"));
  const FrameRef one = rig.frame("new");
  LONGS_EQUAL(2, table.send(both, one, Delivery::latest));
  rig.frames.release(one);
  CHECK_EQUAL("new"sv, std::string_view(queued()));
  LONGS_EQUAL(1, table.outbox(other).size());
  LONGS_EQUAL(1, rig.frames_in_use());
}

// --- Frames from pieces --------------------------------------------------------------------------

TEST(SessionTableLatest, BuildJoinsThePieces) {
  constexpr std::array<std::string_view, 4> kParts = {"[", "1.0", "", "]"};
  const FrameRef one = table.build("42", kParts);
  CHECK_EQUAL("42[1.0]"sv, rig.frames.payload(one));
  CHECK_EQUAL(std::string("\x81\x07") + "42[1.0]", std::string(rig.frames.wire(one)));
  rig.frames.release(one);
  const FrameRef binary = table.build("", {}, WebSocketOpcode::binary);
  CHECK(rig.frames.binary(binary));
  rig.frames.release(binary);
  LONGS_EQUAL(0, rig.frames_in_use());
}

TEST(SessionTableLatest, WhatNoFrameHoldsShedsNobody) {
  CHECK(rig.send(session, "a"));
  const std::string large(2049, 'x');
  const std::string_view part = large;
  LONGS_EQUAL(kNoFrame, table.build("", {&part, 1}));
  CHECK(table.alive(session));
  LONGS_EQUAL(0, driver.flushes);
}

TEST(SessionTableLatest, InADryPoolTheSlowestReaderGivesWay) {
  const SessionId other = table.open(driver);
  CHECK(rig.send(other, "a long one that nobody reads"));
  for (const std::string_view text : {"a", "b", "c", "d"}) CHECK(rig.send(session, text));
  const FrameRef last = rig.frame("x");
  const FrameRef one = table.build("y", {});
  CHECK(one != kNoFrame);
  CHECK_FALSE(table.alive(other));
  CHECK(table.alive(session));
  for (const FrameRef frame : {last, one}) rig.frames.release(frame);
}
