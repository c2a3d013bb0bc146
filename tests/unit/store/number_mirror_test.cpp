#include "store/number_mirror.h"

#include "platform/temporary_folder.h"
#include "store/recorder.h"
#include "store/sqlite_database.h"
#include "store/sqlite_numbers.h"
#include "support/recording_effects.h"
#include "support/sqlite_file.h"

using namespace bellhop;

namespace {

/// One run of the gateway, whose numbers start where its clock says.
struct Run {
  Run(const std::string& path, std::uint64_t first)
      : gateway({.rooms = {}, .first_push_id = first}, effects),
        calls({.calls = 1, .first_id = first}),
        mirror(gateway, calls, rows),
        recorder(database, {&mirror}, Duration{100}) {
    CHECK(database.open(path));
    recorder.restore(Instant{});
  }
  std::uint64_t push() { return gateway.push({.room = std::nullopt, .event = {}}).id; }
  void turn(std::int64_t ms) { recorder.flush(Instant{Duration{ms}}); }

  RecordingEffects effects;
  SqliteDatabase database;
  SqliteNumbers rows{database};
  Gateway gateway;
  Calls calls;
  NumberMirror mirror;
  Recorder recorder;
};

}  // namespace

TEST_GROUP(NumberMirror) {
  TemporaryFolder folder;
  std::string path = folder.file("bellhop.db");
};

TEST(NumberMirror, NumbersBeginWhereTheClockSays) {
  Run run(path, 5'000'000);
  LONGS_EQUAL(5'000'000, run.push());
  LONGS_EQUAL(5'000'000, run.calls.take_id());
}

TEST(NumberMirror, AClockThatWasSetBackTakesNoneTwice) {
  std::uint64_t last = 0;
  {
    Run run(path, 5'000'000);
    for (int i = 0; i < 10; ++i) last = std::max(run.push(), run.calls.take_id());
  }
  for (int restart = 0; restart < 3; ++restart) {
    Run again(path, 1000);
    const std::uint64_t push = again.push();
    const std::uint64_t call = again.calls.take_id();
    CHECK(push > last && call > last);
    last = std::max(push, call);
  }
  Run right(path, 90'000'000);
  LONGS_EQUAL(90'000'000, right.push());
}

TEST(NumberMirror, HoweverManyAreTakenTheMarkIsAhead) {
  std::uint64_t last = 0;
  {
    Run run(path, 1);
    for (int turn = 1; turn <= 30; ++turn) {
      for (int i = 0; i < 100'000; ++i) last = run.calls.take_id();
      run.turn(turn * 100);
    }
  }
  Run again(path, 1);
  CHECK(again.push() > last);
}

TEST(NumberMirror, WritesSeldom) {
  Run run(path, 1);
  const std::uint64_t before = run.recorder.counters().rows;
  for (int turn = 1; turn <= 100; ++turn) {
    for (int i = 0; i < 100; ++i) static_cast<void>(run.push());
    run.turn(turn * 100);
  }
  LONGS_EQUAL(before, run.recorder.counters().rows);
}

TEST(NumberMirror, AMarkThatMakesNoSenseIsNone) {
  { Run run(path, 7); }
  for (const char* mark : {"-5", "9223372036854775807", "'x'"}) {
    const std::string sql = std::string("UPDATE numbers SET mark=") + mark;
    CHECK_EQUAL(SQLITE_OK, Outside(path).run(sql.c_str()));
    Run again(path, 7);
    LONGS_EQUAL(7, again.push());
  }
}
