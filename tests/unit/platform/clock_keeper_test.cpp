#include "platform/clock_keeper.h"

#include "base/utc_time.h"
#include "platform/machine_clock.h"
#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;
using namespace std::chrono_literals;

namespace {

WallTime year(int number, int month = 1) {
  return *from_utc({number, month, 1});
}

class FakeClock final : public ClockDevice {
 public:
  WallTime wall_now() override { return running; }
  bool set_wall(WallTime to, std::string& error) override {
    if (may_set) running = to;
    if (!may_set) error = "not permitted";
    return may_set;
  }
  std::optional<WallTime> read_rtc(std::string& error) override {
    if (!rtc) error = "no rtc";
    return rtc;
  }
  bool set_rtc(WallTime to, std::string& error) override {
    if (!rtc) error = "no rtc";
    if (rtc) rtc = to;
    return rtc.has_value();
  }

  WallTime running = year(1970);
  std::optional<WallTime> rtc;
  bool may_set = true;
};

}  // namespace

TEST_GROUP(ClockKeeper) {
  void restores(WallTime expected, const char* report) {
    std::string said;
    CHECK(keeper.restore(said));
    STRCMP_EQUAL(report, said.c_str());
    STRCMP_EQUAL(utc_text(expected).c_str(), utc_text(clock.running).c_str());
  }
  /// As a run whose clock was right left it.
  void last_known(WallTime at) {
    FakeClock then;
    then.running = at;
    std::string said;
    CHECK_TEXT(ClockKeeper(then, folder.file("clock"), year(2026)).save(said), said.c_str());
  }

  TemporaryFolder folder;
  FakeClock clock;
  ClockKeeper keeper{clock, folder.file("clock"), year(2026)};
  const std::string missing = folder.file("clock") + ": the file is missing";
};

TEST(ClockKeeper, WithoutAnythingItIsTheReleaseDate) {
  restores(
      year(2026),
      ("the clock is set to 2026-01-01T00:00:00Z, from the release date; the running clock says "
       "1970-01-01T00:00:00Z, before this program was made; no rtc; " +
       missing)
          .c_str());
}

TEST(ClockKeeper, TheLatestWins) {
  last_known(year(2027));
  clock.rtc = year(2028);
  restores(year(2028),
           "the clock is set to 2028-01-01T00:00:00Z, from the RTC; the running clock says "
           "1970-01-01T00:00:00Z, before this program was made");
  clock.running = year(1970);
  clock.rtc = year(2000);
  restores(year(2027),
           "the clock is set to 2027-01-01T00:00:00Z, from the last known time; the running clock "
           "says 1970-01-01T00:00:00Z, before this program was made; the RTC says "
           "2000-01-01T00:00:00Z, before this program was made");
}

TEST(ClockKeeper, ARunningClockThatIsLaterStays) {
  last_known(year(2027));
  clock.rtc = year(2028);
  clock.running = year(2028, 2);
  clock.may_set = false;
  restores(year(2028, 2), "the clock stays at 2028-02-01T00:00:00Z, later than all that is known");
}

TEST(ClockKeeper, GoesOnBeyond2038) {
  clock.rtc = year(2041);
  last_known(year(2040));
  clock.running = year(2026, 5);
  restores(year(2041), "the clock is set to 2041-01-01T00:00:00Z, from the RTC");
}

TEST(ClockKeeper, TimesTooFarAheadAreBroken) {
  last_known(year(2027));
  clock.rtc = year(2099);
  clock.running = year(2099);  // the kernel took it from there
  restores(year(2027),
           "the clock is set to 2027-01-01T00:00:00Z, from the last known time; the running clock "
           "says 2099-01-01T00:00:00Z, which is too far ahead; the RTC says 2099-01-01T00:00:00Z, "
           "which is too far ahead");
}

TEST(ClockKeeper, SaysWhenItMayNot) {
  clock.may_set = false;
  clock.rtc = year(2028);
  std::string said;
  CHECK_FALSE(keeper.restore(said));
  CHECK_TEXT(said.starts_with("not permitted, to 2028-01-01T00:00:00Z, from the RTC"),
             said.c_str());
}

TEST(ClockKeeper, ADamagedFileIsIgnoredHoweverItIsDamaged) {
  last_known(year(2027));
  const std::string good = folder.get("clock");
  STRCMP_EQUAL("unix=1798761600 utc=2027-01-01T00:00:00Z\n", good.c_str());
  clock.rtc = year(2026, 6);
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'\0', '9', ' ', '-'}) {
      std::string bad = good;
      if (bad[i] == c) continue;
      bad[i] = c;
      folder.put("clock", bad);
      clock.running = year(2026, 2);
      restores(year(2026, 6), ("the clock is set to 2026-06-01T00:00:00Z, from the RTC; " +
                               folder.file("clock") + ": the file is damaged")
                                  .c_str());
    }
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    folder.put("clock", good.substr(0, size));
    clock.running = year(2026, 2);
    std::string said;
    CHECK(keeper.restore(said));
    CHECK(clock.running == year(2026, 6));
  }
  for (const std::string& text : {std::string(1000, '9'), "unix=" + std::string(40, '9') + "\n",
                                  std::string("unix=-1 utc=1969-12-31T23:59:59Z\n")}) {
    folder.put("clock", text);
    clock.running = year(2026, 2);
    std::string said;
    CHECK(keeper.restore(said));
    CHECK(clock.running == year(2026, 6));
  }
}

TEST(ClockKeeper, SavesToTheFileAndTheRtc) {
  clock.running = year(2027) + 1999ms;
  std::string said;
  CHECK(keeper.save(said));
  STRCMP_EQUAL(
      ("2027-01-01T00:00:01Z is saved to " + folder.file("clock") + ", not to the RTC: no rtc")
          .c_str(),
      said.c_str());
  clock.rtc = year(2000);
  CHECK(keeper.save(said));
  STRCMP_EQUAL(
      ("2027-01-01T00:00:01Z is saved to " + folder.file("clock") + " and to the RTC").c_str(),
      said.c_str());
  CHECK(clock.rtc == clock.running);
  STRCMP_EQUAL("unix=1798761601 utc=2027-01-01T00:00:01Z\n", folder.get("clock").c_str());
  LONGS_EQUAL(1, folder.count());
}

TEST(ClockKeeper, AWrongClockSpoilsNothing) {
  last_known(year(2027));
  const std::string before = folder.get("clock");
  clock.rtc = year(2027);
  for (const WallTime wrong : {year(1970), year(2099)}) {
    clock.running = wrong;
    std::string said;
    CHECK_FALSE(keeper.save(said));
    CHECK(said.find("nothing is saved") != std::string::npos);
  }
  STRCMP_EQUAL(before.c_str(), folder.get("clock").c_str());
  CHECK(clock.rtc == year(2027));
}

TEST(ClockKeeper, AFileThatCannotBeWrittenIsAnErrorAndTheRtcIsSet) {
  clock.running = year(2027);
  clock.rtc = year(2026);
  ClockKeeper nowhere(clock, folder.file("no/clock"), year(2026));
  std::string said;
  CHECK_FALSE(nowhere.save(said));
  CHECK_TEXT(said.starts_with(folder.file("no/clock")), said.c_str());
  CHECK(clock.rtc == year(2027));
}

TEST_GROUP(MachineClock){};

TEST(MachineClock, WithoutAnRtcItSaysWhich) {
  MachineClock clock("/dev/no-such-rtc");
  std::string error;
  CHECK_FALSE(clock.read_rtc(error).has_value());
  STRCMP_EQUAL("/dev/no-such-rtc: No such file or directory", error.c_str());
  CHECK_FALSE(clock.set_rtc(year(2027), error));
  MachineClock none("/dev/null");
  CHECK_FALSE(none.read_rtc(error).has_value());
  CHECK_TEXT(error.starts_with("/dev/null: "), error.c_str());
  CHECK(clock.wall_now() > year(2026));
}
