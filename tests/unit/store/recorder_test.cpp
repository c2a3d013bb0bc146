#include "store/recorder.h"

#include <string>

#include "store/room_mirror.h"
#include "support/fake_store.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr WallTime kThen{Duration{1000}};
constexpr Duration kInterval{100};
constexpr Duration kGrace{15000};
constexpr std::uint32_t kSessions = 700;

constexpr Instant at(std::int64_t ms) {
  return Instant{Duration{ms}};
}

class Names final : public SessionNames {
 public:
  std::string_view sid(SessionId session) const override {
    text_ = "sid" + std::to_string(session.index);
    return text_;
  }

 private:
  mutable std::string text_;
};

}  // namespace

TEST_GROUP(Recorder) {
  Rooms rooms{{.rooms = 4, .memberships = kSessions, .sessions = kSessions}};
  FakeStore store;
  Names names;
  RoomMirror mirror{rooms, store, names};
  Recorder recorder{store, {&mirror}, kInterval};

  void enter(std::string_view room, std::uint32_t index, EntryRule rule = EntryRule::whenever) {
    std::span<const SessionId> evicted;
    CHECK(rooms.enter(room, {{index, 1}, rule, kThen}, evicted) == EntryResult::entered);
  }
  /// A start with nothing to read back, at 0 ms; not counted as a transaction below.
  void begin_empty() {
    recorder.restore(at(0));
    store.transactions = 0;
  }
};

// --- Written behind ------------------------------------------------------------------------------

TEST(Recorder, WithoutChangesThereIsNothingToDo) {
  begin_empty();
  CHECK(recorder.next_due() == kNever);
  recorder.flush(at(1000));
  LONGS_EQUAL(0, store.transactions);
  CHECK(recorder.healthy());
}

TEST(Recorder, WritesWhatThereIsUnderTheNamesClientsKnow) {
  begin_empty();
  enter("456", 3, EntryRule::first);
  enter("456", 4);
  CHECK(recorder.next_due() <= at(0));
  recorder.flush(at(0));
  CHECK_EQUAL("456@1000\n456@1000 sid3 loginWhenFirst 1000\n456@1000 sid4 loginWhenever 1000\n"sv,
              std::string_view(store.text()));
  LONGS_EQUAL(1, store.transactions);
  LONGS_EQUAL(3, store.rows_in_transaction);
  CHECK(recorder.next_due() == kNever);
}

TEST(Recorder, WritesAtMostOnceAnInterval) {
  begin_empty();
  enter("a", 1);
  recorder.flush(at(5));
  enter("b", 1);
  CHECK(recorder.next_due() == at(5) + kInterval);
  recorder.flush(at(104));
  LONGS_EQUAL(1, store.transactions);
  recorder.flush(at(105));
  LONGS_EQUAL(2, store.transactions);
  LONGS_EQUAL(4, store.rows.rooms.size() + store.rows.memberships.size());
}

TEST(Recorder, ManyChangesOfASlotAreOneRow) {
  begin_empty();
  for (int round = 0; round < 50; ++round) {
    enter("a", 1);
    rooms.leave_all({1, 1});
  }
  enter("a", 2);
  recorder.flush(at(0));
  LONGS_EQUAL(2, store.rows_in_transaction);
  CHECK_EQUAL("a@1000\na@1000 sid2 loginWhenever 1000\n"sv, std::string_view(store.text()));
}

TEST(Recorder, WhatIsGoneIsRemoved) {
  begin_empty();
  enter("a", 1);
  enter("b", 2);
  recorder.flush(at(0));
  rooms.leave_all({1, 1});
  recorder.flush(at(100));
  CHECK_EQUAL("b@1000\nb@1000 sid2 loginWhenever 1000\n"sv, std::string_view(store.text()));
}

TEST(Recorder, ATransactionIsBoundedAndTheRestFollows) {
  begin_empty();
  for (std::uint32_t i = 0; i < kSessions; ++i) enter("a", i);
  recorder.flush(at(0));
  LONGS_EQUAL(512, store.rows_in_transaction);
  CHECK(recorder.next_due() == at(0) + kInterval);
  recorder.flush(at(100));
  LONGS_EQUAL(2, store.transactions);
  LONGS_EQUAL(kSessions, store.rows.memberships.size());
  CHECK_FALSE(rooms.changed());
}

TEST(Recorder, AtTheEndEverythingIsWrittenAtOnce) {
  begin_empty();
  for (std::uint32_t i = 0; i < kSessions; ++i) enter("a", i);
  recorder.flush(at(0));
  recorder.flush_all(at(1));
  LONGS_EQUAL(kSessions, store.rows.memberships.size());
  CHECK_FALSE(rooms.changed());
}

TEST(Recorder, TheEndComesEvenIfTheStoreFails) {
  begin_empty();
  enter("a", 1);
  store.steps_until_failure = 0;
  recorder.flush_all(at(1));
  CHECK_FALSE(recorder.healthy());
}

TEST(Recorder, CountsCommitsRowsAndFailures) {
  begin_empty();
  const std::uint64_t before = recorder.counters().commits;
  enter("a", 1);
  recorder.flush(at(0));
  LONGS_EQUAL(before + 1, recorder.counters().commits);
  LONGS_EQUAL(2, recorder.counters().rows);
  LONGS_EQUAL(0, recorder.counters().failures);
}

// --- A store that fails --------------------------------------------------------------------------

TEST(Recorder, WhicheverStepFailsEverythingIsWrittenLater) {
  // begin, room, membership, commit
  for (int step = 0; step < 4; ++step) {
    Rooms table{{.rooms = 2, .memberships = 2, .sessions = 2}};
    FakeStore disk;
    RoomMirror slots{table, disk, names};
    Recorder writer{disk, {&slots}, kInterval};
    writer.restore(at(0));
    std::span<const SessionId> evicted;
    CHECK(table.enter("a", {{1, 1}, EntryRule::first, kThen}, evicted) == EntryResult::entered);
    disk.steps_until_failure = step;
    writer.flush(at(0));
    CHECK_FALSE(writer.healthy());
    LONGS_EQUAL(1, writer.counters().failures);
    CHECK_EQUAL(""sv, std::string_view(disk.text()));
    CHECK(writer.next_due() == at(0) + kInterval);
    disk.steps_until_failure = -1;
    writer.flush(at(100));
    CHECK(writer.healthy());
    CHECK_EQUAL("a@1000\na@1000 sid1 loginWhenFirst 1000\n"sv, std::string_view(disk.text()));
  }
}

TEST(Recorder, AFailingStoreIsTriedOnceAnInterval) {
  begin_empty();
  enter("a", 1);
  store.steps_until_failure = 0;
  for (int ms = 0; ms < 1000; ms += 10) recorder.flush(at(ms));
  LONGS_EQUAL(10, recorder.counters().failures);
}

TEST(Recorder, WhatWasRemovedWhileItFailedIsRemovedLater) {
  begin_empty();
  enter("a", 1);
  enter("b", 2);
  recorder.flush(at(0));
  store.steps_until_failure = 2;
  rooms.leave_all({1, 1});
  recorder.flush(at(100));
  CHECK_FALSE(recorder.healthy());
  store.steps_until_failure = -1;
  recorder.flush_all(at(200));
  CHECK_EQUAL("b@1000\nb@1000 sid2 loginWhenever 1000\n"sv, std::string_view(store.text()));
}

TEST(Recorder, AnotherProcessThatWritesIsWaitedForAndIsNoFailure) {
  begin_empty();
  enter("a", 1);
  store.another_writes = true;
  for (int ms = 0; ms < 1000; ms += 100) recorder.flush(at(ms));
  CHECK(recorder.healthy());
  LONGS_EQUAL(0, recorder.counters().failures);
  store.another_writes = false;
  recorder.flush(at(1000));
  CHECK_EQUAL("a@1000\na@1000 sid1 loginWhenever 1000\n"sv, std::string_view(store.text()));
  store.another_writes = true;  // the patience begins anew
  enter("b", 1);
  recorder.flush(at(1100));
  CHECK(recorder.healthy());
}

TEST(Recorder, AnotherProcessThatKeepsTheStoreIsAFailureAfterAWhile) {
  begin_empty();
  enter("a", 1);
  store.another_writes = true;
  for (int ms = 0; ms <= 1000; ms += 100) recorder.flush(at(ms));
  CHECK_FALSE(recorder.healthy());
  recorder.flush_all(at(1100));  // and the end comes all the same
  store.another_writes = false;
  recorder.flush_all(at(1200));
  CHECK(recorder.healthy());
  CHECK_EQUAL("a@1000\na@1000 sid1 loginWhenever 1000\n"sv, std::string_view(store.text()));
}

TEST(Recorder, TheEndComesEvenIfAnotherProcessWrites) {
  begin_empty();
  enter("a", 1);
  store.another_writes = true;
  recorder.flush_all(at(0));
  CHECK(rooms.changed());
}

// --- Several tables ------------------------------------------------------------------------------

namespace {

class OtherTable final : public MirroredTable {
 public:
  bool restore(Instant) override { return true; }
  bool changed() const override { return rows > 0; }
  bool write_some(int& budget) override {
    const int now = std::min(rows, budget);
    rows -= now;
    budget -= now;
    return !fails;
  }
  void mark_all_changed() override { rows = 700; }
  bool clear() override {
    ++clears;
    return true;
  }
  Instant next_due() const override { return due; }
  void expire(Instant) override { ++expired; }

  int rows = 0;
  int clears = 0;
  int expired = 0;
  bool fails = false;
  Instant due = kNever;
};

}  // namespace

TEST(Recorder, TablesShareATransactionAndItsBound) {
  OtherTable other;
  Recorder both{store, {&mirror, &other}, kInterval};
  both.restore(at(0));
  LONGS_EQUAL(1, other.clears);
  enter("a", 1);
  other.rows = 700;
  both.flush(at(0));
  LONGS_EQUAL(2, store.transactions);
  LONGS_EQUAL(190, other.rows);  // 512, less the room and its member
  LONGS_EQUAL(512, both.counters().rows);
  CHECK(both.next_due() == at(0) + kInterval);
  both.flush(at(100));
  LONGS_EQUAL(0, other.rows);
}

TEST(Recorder, WhenOneTableFailsAllAreWrittenLater) {
  OtherTable other;
  Recorder both{store, {&mirror, &other}, kInterval};
  both.restore(at(0));
  enter("a", 1);
  both.flush(at(0));
  other.rows = 1;
  other.fails = true;
  both.flush(at(100));
  CHECK_FALSE(both.healthy());
  CHECK(rooms.changed());
  LONGS_EQUAL(700, other.rows);
}

TEST(Recorder, TablesAreWokenWhenTheyAreDue) {
  OtherTable other;
  Recorder both{store, {&mirror, &other}, kInterval};
  both.restore(at(0));
  other.due = at(77);
  CHECK(both.next_due() == at(77));
  both.flush(at(77));
  LONGS_EQUAL(1, other.expired);
}

// --- The last run --------------------------------------------------------------------------------

TEST(Recorder, ReadsTheRoomsOfTheLastRunBack) {
  store.held_before = {{"a", kThen, 2}, {"b", kThen, 1}};
  store.rows.rooms = {{900, "a@1"}, {901, "b@1"}};
  store.rows.memberships = {{7, "a@1 old"}, {8, "a@1 older"}};
  recorder.restore(at(0));
  LONGS_EQUAL(2, rooms.find_view("a")->held_before);
  LONGS_EQUAL(1, rooms.find_view("b")->held_before);
  CHECK(recorder.healthy());
  CHECK_FALSE(rooms.changed());
}

TEST(Recorder, AStartWritesOnlyTheRoomsThatWereReadBack) {
  store.held_before = {{"a", kThen, 2}, {"b", kThen, 1}};
  store.rows.rooms = {{900, "a@1"}, {901, "b@1"}};
  store.rows.memberships = {{7, "a@1 old"}, {8, "a@1 older"}};
  recorder.restore(at(0));
  LONGS_EQUAL(1, store.transactions);
  LONGS_EQUAL(1, store.clears);
  LONGS_EQUAL(2, store.rows_in_transaction);
  CHECK_EQUAL("a@1000\nb@1000\n"sv, std::string_view(store.text()));
}

TEST(Recorder, AllRoomsReadBackAreInTheTransactionThatClears) {
  Rooms many{{.rooms = 2000, .memberships = 1, .sessions = 1}};
  for (int i = 0; i < 2000; ++i) store.held_before.push_back({std::to_string(i), kThen, 1});
  RoomMirror slots{many, store, names};
  Recorder writer{store, {&slots}, kInterval};
  writer.restore(at(0));
  LONGS_EQUAL(1, store.transactions);
  LONGS_EQUAL(2000, store.rows.rooms.size());
}

TEST(Recorder, ASmallerTableTakesWhatFits) {
  for (int i = 0; i < 6; ++i) store.held_before.push_back({std::to_string(i), kThen, 1});
  store.rows.rooms = {{5, "5@1"}};
  recorder.restore(at(0));
  LONGS_EQUAL(4, rooms.room_gauge().in_use);
  CHECK_EQUAL("0@1000\n1@1000\n2@1000\n3@1000\n"sv, std::string_view(store.text()));
}

TEST(Recorder, RoomsNobodyClaimsGoAfterTheGrace) {
  store.held_before = {{"a", kThen, 2}, {"b", kThen, 1}};
  recorder.restore(at(0));
  CHECK(recorder.next_due() == at(0) + kGrace);
  enter("b", 1);
  recorder.flush(at(14999));
  CHECK(rooms.find_view("a").has_value());
  recorder.flush(at(15000));
  CHECK(!rooms.find_view("a").has_value());
  CHECK(rooms.find_view("b").has_value());
  recorder.flush(at(15100));
  CHECK_EQUAL("b@1000\nb@1000 sid1 loginWhenever 1000\n"sv, std::string_view(store.text()));
  CHECK(recorder.next_due() == kNever);
}

TEST(Recorder, AStoreThatCannotBeReadAtStartIsTriedAgain) {
  store.steps_until_failure = 0;
  store.rows.rooms = {{900, "old@1"}};
  recorder.restore(at(0));
  CHECK_FALSE(recorder.healthy());
  enter("a", 1);
  store.steps_until_failure = -1;
  recorder.flush(recorder.next_due());
  CHECK(recorder.healthy());
  CHECK_EQUAL("a@1000\na@1000 sid1 loginWhenever 1000\n"sv, std::string_view(store.text()));
}

TEST(Recorder, ARestoreThatCannotBeWrittenKeepsTheOldRows) {
  store.held_before = {{"a", kThen, 2}};
  store.rows.rooms = {{0, "a@1000"}};
  store.rows.memberships = {{9000, "a@1000 old"}};  // a slot this run does not have
  store.steps_until_failure = 4;                    // read, begin, clear, the room; not the commit
  recorder.restore(at(0));
  CHECK_FALSE(recorder.healthy());
  CHECK_EQUAL("a@1000\na@1000 old\n"sv, std::string_view(store.text()));
  store.steps_until_failure = -1;
  recorder.flush_all(at(100));
  CHECK_EQUAL("a@1000\n"sv, std::string_view(store.text()));
}
