#include "session/session_table.h"

#include <string>
#include <vector>

#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

/// Sends by dropping, while its wire is free.
class Driver final : public SessionDriver {
 public:
  explicit Driver(SessionRig& rig) : rig_(rig) {}

  void flush(SessionId session) override {
    flushed.push_back(session);
    Outbox& outbox = rig_.sessions.outbox(session);
    if (free_wire) outbox.pop(rig_.frames, outbox.size());
  }
  void ended(SessionId session, CloseReason reason) override {
    dead.push_back(session);
    reasons.push_back(reason);
    if (when_ended != nullptr) when_ended(*this, session);
  }

  std::vector<SessionId> flushed;
  std::vector<SessionId> dead;
  std::vector<CloseReason> reasons;
  bool free_wire = false;
  void (*when_ended)(Driver&, SessionId) = nullptr;
  SessionRig& rig_;
};

using Ids = std::vector<SessionId>;

}  // namespace

TEST_GROUP(SessionTable) {
  SessionRig rig{{.sessions = 3, .queue_messages = 4, .queue_bytes = 100, .small_frames = 16}};
  Driver driver{rig};
  SessionTable& table = rig.sessions;

  SessionId open() {
    return table.open(driver);
  }
  void end(SessionId session) {
    table.close(session, CloseReason::client_closed);
    table.reap();
  }
};

TEST(SessionTable, OpensAsManyAsItHolds) {
  const Ids ids = {open(), open(), open()};
  for (const SessionId id : ids) CHECK(table.alive(id));
  CHECK_FALSE(open());
  LONGS_EQUAL(3, table.gauge().in_use);
  LONGS_EQUAL(1, table.gauge().refusals);
  end(ids[1]);
  LONGS_EQUAL(2, table.gauge().in_use);
  LONGS_EQUAL(ids[1].index, open().index);
}

TEST(SessionTable, AStaleIdReachesNobody) {
  const SessionId old = open();
  end(old);
  const SessionId next = open();
  LONGS_EQUAL(old.index, next.index);
  CHECK(old.generation != next.generation);
  CHECK_FALSE(table.alive(old));
  CHECK_FALSE(rig.send(old, "a"));
  table.close(old, CloseReason::shutdown);
  table.reap();
  CHECK(table.alive(next));
  CHECK(table.outbox(next).empty());
  LONGS_EQUAL(0, rig.frames_in_use());
}

TEST(SessionTable, NoIdIsAlive) {
  CHECK_FALSE(table.alive({}));
  CHECK_FALSE(table.alive({0, 7}));
  CHECK_FALSE(table.alive({99, 1}));
  CHECK_FALSE(table.at(0));
  CHECK(table.at(0) == SessionId{});
}

TEST(SessionTable, AtFindsTheLiveOne) {
  const SessionId session = open();
  CHECK(table.at(session.index) == session);
  table.close(session, CloseReason::client_closed);
  CHECK_FALSE(table.at(session.index));
}

TEST(SessionTable, ALiveSessionIsOfOneDriver) {
  Driver other(rig);
  const SessionId session = open();
  CHECK(table.driven_by(session, driver));
  CHECK_FALSE(table.driven_by(session, other));
  CHECK_FALSE(table.driven_by({}, driver));
  end(session);
  CHECK_FALSE(table.driven_by(session, driver));
}

TEST(SessionTable, SendQueuesAReferenceAndFlushesAtTheEndOfTheTurn) {
  const SessionId session = open();
  CHECK(rig.send(session, "abc"));
  CHECK(rig.send(session, "def"));
  CHECK(driver.flushed.empty());
  LONGS_EQUAL(2, table.queued_count());
  driver.free_wire = true;
  table.flush_dirty();
  CHECK((driver.flushed == Ids{session}));
  LONGS_EQUAL(0, rig.frames_in_use());
  table.flush_dirty();
  LONGS_EQUAL(1, driver.flushed.size());
}

TEST(SessionTable, OneFrameForManySessions) {
  const Ids ids = {open(), open(), open()};
  table.close(ids[1], CloseReason::client_closed);
  const FrameRef frame = rig.frame("abc");
  LONGS_EQUAL(2, table.send(ids, frame));
  rig.frames.release(frame);
  LONGS_EQUAL(1, rig.frames_in_use());
}

TEST(SessionTable, AFullRingIsFlushedBeforeItsSessionIsJudged) {
  const SessionId session = open();
  driver.free_wire = true;
  for (int i = 0; i < 100; ++i) CHECK(rig.send(session, "a"));
  CHECK(table.alive(session));
  LONGS_EQUAL(24, driver.flushed.size());
}

TEST(SessionTable, ASlowReaderIsClosedByMessages) {
  const SessionId session = open();
  for (int i = 0; i < 4; ++i) CHECK(rig.send(session, "a"));
  CHECK(driver.flushed.empty());
  CHECK_FALSE(rig.send(session, "a"));
  CHECK((driver.flushed == Ids{session}));
  CHECK_FALSE(table.alive(session));
  CHECK(driver.dead.empty());
  table.reap();
  CHECK((driver.dead == Ids{session}));
  LONGS_EQUAL(1, rig.closed(CloseReason::slow_reader));
}

TEST(SessionTable, ASlowReaderIsClosedByBytes) {
  const SessionId session = open();
  CHECK(rig.send(session, std::string(60, 'a')));
  CHECK(rig.send(session, std::string(40, 'a')));
  CHECK_FALSE(rig.send(session, "a"));
  CHECK_FALSE(table.alive(session));
}

TEST(SessionTable, OneMessageAloneAlwaysFits) {
  const SessionId session = open();
  CHECK(rig.send(session, std::string(101, 'a')));
  CHECK_FALSE(rig.send(session, "a"));
}

TEST(SessionTable, AClosingSessionGivesItsFramesBackAtOnce) {
  const SessionId session = open();
  for (int i = 0; i < 4; ++i) CHECK(rig.send(session, "a"));
  table.close(session, CloseReason::shutdown);
  LONGS_EQUAL(0, rig.frames_in_use());
}

TEST(SessionTable, TheFirstReasonToCloseStands) {
  const SessionId session = open();
  table.close(session, CloseReason::flooding);
  table.close(session, CloseReason::shutdown);
  table.reap();
  table.reap();
  CHECK((driver.reasons == std::vector<CloseReason>{CloseReason::flooding}));
  LONGS_EQUAL(1, rig.closed(CloseReason::flooding));
  LONGS_EQUAL(0, rig.closed(CloseReason::shutdown));
  LONGS_EQUAL(0, table.gauge().in_use);
}

TEST(SessionTable, ReapEndsInTheOrderOfClosing) {
  const Ids ids = {open(), open(), open()};
  for (const std::size_t i : {2U, 0U, 1U}) table.close(ids[i], CloseReason::shutdown);
  table.reap();
  CHECK((driver.dead == Ids{ids[2], ids[0], ids[1]}));
}

TEST(SessionTable, WhatAnEndClosesEndsInTheSameReap) {
  const Ids ids = {open(), open(), open()};
  driver.when_ended = [](Driver& self, SessionId) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      self.rig_.sessions.close(self.rig_.sessions.at(i), CloseReason::slow_reader);
    }
  };
  table.close(ids[0], CloseReason::client_closed);
  table.reap();
  LONGS_EQUAL(3, driver.dead.size());
  LONGS_EQUAL(0, table.gauge().in_use);
}

TEST(SessionTable, AnEndingSessionTakesNoMessage) {
  const SessionId session = open();
  driver.when_ended = [](Driver& self, SessionId dying) {
    CHECK_FALSE(self.rig_.send(dying, "late"));
  };
  end(session);
  LONGS_EQUAL(1, driver.dead.size());
  LONGS_EQUAL(0, rig.frames_in_use());
}

TEST(SessionTable, WakeFlushesOnceATurn) {
  const SessionId session = open();
  table.wake(session);
  table.wake(session);
  table.flush_dirty();
  LONGS_EQUAL(1, driver.flushed.size());
}

TEST(SessionTable, AClosedSessionIsNotFlushedNorItsHeir) {
  const SessionId session = open();
  table.wake(session);
  table.close(session, CloseReason::client_closed);
  table.flush_dirty();
  CHECK(driver.flushed.empty());
  const SessionId other = open();
  table.wake(other);
  end(other);
  end(session);
  table.flush_dirty();
  CHECK(driver.flushed.empty());
}

TEST(SessionTable, ASlotReusedInTheSameTurnIsStillFlushed) {
  const SessionId session = open();
  table.wake(session);
  end(session);
  const SessionId heir = open();
  CHECK(rig.send(heir, "a"));
  table.flush_dirty();
  CHECK((driver.flushed == Ids{heir}));
}

TEST(SessionTable, ShedClosesWhoHoldsMost) {
  const Ids ids = {open(), open(), open()};
  CHECK(rig.send(ids[0], "ab"));
  CHECK(rig.send(ids[1], "abcdef"));
  CHECK(rig.send(ids[2], "abcd"));
  table.flush_dirty();
  for (const std::size_t i : {1U, 2U, 0U}) {
    CHECK(table.shed_slowest());
    CHECK_FALSE(table.alive(ids[i]));
  }
  CHECK_FALSE(table.shed_slowest());
  LONGS_EQUAL(0, rig.frames_in_use());
  table.reap();
  LONGS_EQUAL(3, rig.closed(CloseReason::slow_reader));
}

TEST(SessionTable, ShedGivesTheWiresAChanceFirst) {
  const Ids ids = {open(), open()};
  CHECK(rig.send(ids[0], "ab"));
  CHECK(rig.send(ids[1], "abcd"));
  driver.free_wire = true;
  CHECK(table.shed_slowest());
  CHECK(table.alive(ids[0]));
  CHECK(table.alive(ids[1]));
  LONGS_EQUAL(0, rig.frames_in_use());
  CHECK_FALSE(table.shed_slowest());
}

TEST(SessionTable, EveryReasonHasAName) {
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i < kCloseReasons; ++i) {
    const std::string_view name = close_reason_name(static_cast<CloseReason>(i));
    CHECK(!name.empty());
    for (const std::string_view other : seen) CHECK(name != other);
    seen.push_back(name);
  }
}
