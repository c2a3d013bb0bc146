// Users and calls through the database and back, as a restart does it.
#include <filesystem>
#include <string>

#include "platform/temporary_folder.h"
#include "store/call_mirror.h"
#include "store/recorder.h"
#include "store/sqlite_calls.h"
#include "store/sqlite_database.h"
#include "store/sqlite_users.h"
#include "store/user_mirror.h"
#include "support/recording_effects.h"
#include "support/sqlite_file.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(std::int64_t ms) : wall_ms(ms) {}
  Instant now() override { return Instant{Duration{0}}; }
  WallTime wall_now() override { return WallTime{Duration{wall_ms}}; }
  std::int64_t wall_ms;
};

/// One run of the gateway over the file at `path`.
struct Run {
  explicit Run(const std::string& path, std::size_t table = 4, std::int64_t wall_ms = 5000)
      : clock(wall_ms),
        switchboard(
            {.users = {.users = table, .sessions = 8}, .calls = {.calls = table, .first_id = 1}},
            effects),
        users(switchboard, user_rows, clock),
        calls(switchboard.calls(), call_rows, clock),
        recorder(database, {&users, &calls}, Duration{100}) {
    opened = database.open(path);
    recorder.restore(Instant{});
  }

  Moment moment(std::int64_t ms) {
    return {Instant{Duration{ms}}, WallTime{Duration{clock.wall_ms + ms}}};
  }
  void sign_in(std::uint32_t index, std::string_view user) {
    CHECK(switchboard.sign_in({index, 1}, user, "name of " + std::string(user), moment(0)));
  }
  void say(std::uint32_t index, std::string_view receiver, std::string_view event) {
    const std::string literal = "\"" + std::string(event) + "\"";
    const std::string message = R"({"Event":)" + literal + R"(,"Data":{"n":1.0}})";
    switchboard.relay({{index, 1}, {}},
                      {.receiver = receiver,
                       .event = event,
                       .event_literal = literal,
                       .message = message,
                       .has_data = true},
                      moment(7));
  }
  std::string call_text(CallSlot slot) {
    const Call& call = switchboard.calls().at(slot);
    const auto ms = [](WallTime at) { return std::to_string(at.time_since_epoch().count()); };
    return std::string(call.caller.view()) + ">" + std::string(call.callee.view()) + " " +
           std::string(call_state_name(call.state)) + " " + std::string(call_end_name(call.end)) +
           (call.missed ? " missed " : " ") + ms(call.started) + " " + ms(call.accepted) + " " +
           ms(call.ended) + " " + std::string(call.message.view());
  }

  FixedClock clock;
  RecordingEffects effects;
  SqliteDatabase database;
  SqliteUsers user_rows{database};
  SqliteCalls call_rows{database};
  Switchboard switchboard;
  UserMirror users;
  CallMirror calls;
  Recorder recorder;
  bool opened = false;
};

}  // namespace

TEST_GROUP(Mirrors) {
  TemporaryFolder folder;
  std::string path = folder.file("bellhop.db");
};

TEST(Mirrors, UsersComeBackAndThoseOnlineStayListedForTheGrace) {
  {
    Run run(path);
    run.sign_in(1, "a");
    run.sign_in(2, "b");
    run.switchboard.sign_out({2, 1}, Farewell::logout, run.moment(3));
    run.recorder.flush_all(Instant{});
  }
  Run again(path, 4, 6000);
  const Users& users = again.switchboard.users();
  LONGS_EQUAL(2, users.gauge().in_use);
  const UserView a = users.view(users.find("a"));
  CHECK(a.listed);
  CHECK_EQUAL("name of a"sv, a.name);
  LONGS_EQUAL(6000, a.last_seen.time_since_epoch().count());  // until the restart
  const UserView b = users.view(users.find("b"));
  CHECK_FALSE(b.listed);
  LONGS_EQUAL(5003, b.last_seen.time_since_epoch().count());
  again.switchboard.expire(again.moment(4999));
  CHECK(users.view(users.find("a")).listed);
  again.switchboard.expire(again.moment(5000));
  CHECK_FALSE(users.view(users.find("a")).listed);
}

TEST(Mirrors, AUserWhoComesBackInTimeNeverLeftTheList) {
  {
    Run run(path);
    run.sign_in(1, "a");
    run.sign_in(2, "b");
    run.recorder.flush_all(Instant{});
  }
  Run again(path);
  again.sign_in(5, "b");
  const std::string list = again.effects.take();
  CHECK(list.find(R"("Message":["a","b"])") != list.npos);
}

TEST(Mirrors, CallsComeBackAndThoseUnderWayWereInterrupted) {
  {
    Run run(path);
    for (std::uint32_t i = 1; i <= 3; ++i) run.sign_in(i, std::to_string(i));
    run.say(1, "2", "Call");
    run.say(1, "3", "Call");
    run.say(3, "1", "Accept");
    run.say(2, "9", "Call");
    run.recorder.flush_all(Instant{});
  }
  Run again(path);
  again.clock.wall_ms = 6000;
  CHECK_EQUAL(R"(1>2 ended interrupted missed 5007 0 5000 {"Event":"Call","Data":{"n":1.0}})"sv,
              std::string_view(again.call_text(0)));
  CHECK_EQUAL(R"(1>3 ended interrupted 5007 5007 5000 {"Event":"Call","Data":{"n":1.0}})"sv,
              std::string_view(again.call_text(1)));
  CHECK_EQUAL(R"(2>9 ended offline missed 5007 0 5007 {"Event":"Call","Data":{"n":1.0}})"sv,
              std::string_view(again.call_text(2)));
  LONGS_EQUAL(4, again.switchboard.calls().take_id());  // no number is given out twice
}

TEST(Mirrors, ASmallerTableKeepsTheNewestCalls) {
  {
    Run run(path);
    run.sign_in(1, "1");
    for (int i = 0; i < 4; ++i) run.say(1, std::to_string(10 + i), "Call");
    run.recorder.flush_all(Instant{});
  }
  Run again(path, 2);
  LONGS_EQUAL(2, again.switchboard.calls().gauge().in_use);
  const std::string kept = again.call_text(0) + again.call_text(1);
  CHECK(kept.find("1>12") != kept.npos);
  CHECK(kept.find("1>13") != kept.npos);
  again.recorder.flush_all(Instant{});
  CHECK_EQUAL("2\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM calls")));
}

TEST(Mirrors, AUserWhoMadeRoomLeavesTheFile) {
  Run run(path, 1);
  run.sign_in(1, "a");
  run.switchboard.sign_out({1, 1}, Farewell::logout, run.moment(1));
  run.recorder.flush_all(Instant{});
  run.sign_in(2, "b");
  run.recorder.flush_all(Instant{});
  CHECK_EQUAL("b|1\n"sv, std::string_view(Outside(path).rows("SELECT id, online FROM users")));
}

TEST(Mirrors, RowsThatMakeNoSenseAreLeftOut) {
  { Run run(path); }
  Outside(path).run(
      "INSERT INTO users VALUES(0,'','',1,0),(1,'a\"b','',1,0),(2,'good','',0,7);"
      "INSERT INTO calls VALUES(0,5,'a','b','waiting','',0,0,0,0,''),"
      "(1,6,'a','b','ended','odd',0,0,0,0,''),(2,7,'a','b','ended','declined',0,1,0,2,'')");
  Run again(path);
  LONGS_EQUAL(1, again.switchboard.users().gauge().in_use);
  LONGS_EQUAL(1, again.switchboard.calls().gauge().in_use);
}

TEST(Mirrors, NobodyWasSeenInTheFuture) {
  {
    Run run(path, 4, 9000);
    run.sign_in(1, "a");
    run.switchboard.sign_out({1, 1}, Farewell::logout, run.moment(1));
    run.recorder.flush_all(Instant{});
  }
  Run again(path);  // its clock is at 5000
  const Users& users = again.switchboard.users();
  LONGS_EQUAL(5000, users.view(users.find("a")).last_seen.time_since_epoch().count());
}

// --- A file that can be read only later ----------------------------------------------------------

TEST(Mirrors, WhatCouldNotBeReadAtStartIsReadBeforeItIsWrittenOver) {
  {
    Run run(path);
    run.sign_in(1, "1");
    run.sign_in(3, "gone");
    run.say(1, "2", "Call");
    run.say(1, "3", "Call");
    run.switchboard.sign_out({3, 1}, Farewell::logout, run.moment(2));
    run.recorder.flush_all(Instant{});
  }
  std::filesystem::rename(path, folder.file("elsewhere"));
  std::filesystem::create_directory(path);
  Run again(path, 4, 9000);
  CHECK_FALSE(again.opened);
  again.switchboard.calls().skip_ids(10);  // as its clock has it
  again.sign_in(1, "1");
  again.say(1, "4", "Call");
  again.recorder.flush(Instant{});
  CHECK_FALSE(again.recorder.healthy());
  std::filesystem::remove(path);
  std::filesystem::rename(folder.file("elsewhere"), path);
  again.recorder.flush(Instant{Duration{100}});
  CHECK(again.recorder.healthy());
  CHECK_EQUAL("1|2\n2|3\n10|4\n"sv,
              std::string_view(Outside(path).rows("SELECT id, callee FROM calls ORDER BY id")));
  const Users& users = again.switchboard.users();
  LONGS_EQUAL(1, users.listed().size());
  LONGS_EQUAL(5002, users.view(users.find("gone")).last_seen.time_since_epoch().count());
}

TEST(Mirrors, OldCallsThatComeLateTakeNoPlaceFromNewOnes) {
  {
    Run run(path);
    run.sign_in(1, "1");
    for (int i = 0; i < 4; ++i) run.say(1, "old", "Call");
    run.recorder.flush_all(Instant{});
  }
  Run again(folder.file("none/bellhop.db"));
  again.switchboard.calls().skip_ids(10);
  again.sign_in(1, "1");
  again.say(1, "new", "Call");
  Calls& calls = again.switchboard.calls();
  for (std::uint64_t id = 1; id <= 4; ++id) {
    Call old;
    old.id = id;
    old.state = CallState::ended;
    old.end = CallEnd::declined;
    for (int twice = 0; twice < 2; ++twice) calls.restore(old, WallTime{});
  }
  LONGS_EQUAL(4, calls.gauge().in_use);
  LONGS_EQUAL(10, calls.at(0).id);
  LONGS_EQUAL(1, calls.at(1).id);
  LONGS_EQUAL(3, calls.at(3).id);
}
