#include "platform/watchdog.h"

#include "platform/linux_watchdog.h"
#include "support/fake_watchdog.h"
#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;
using namespace std::chrono_literals;

TEST_GROUP(Watchdog) {
  FakeWatchdog device;
  Watchdog watchdog{device};
};

TEST(Watchdog, WithoutADeviceItDoesNothing) {
  watchdog.open("", 15s);
  watchdog.feed();
  LONGS_EQUAL(0, device.opens);
  CHECK(watchdog.interval() == Duration{0});
  CHECK(watchdog.fault().empty());
}

TEST(Watchdog, IsFedAtOnceAndThenAtHalfTheTime) {
  watchdog.open("/dev/watchdog", 15s);
  STRCMP_EQUAL("/dev/watchdog", device.opened.c_str());
  CHECK(device.wished == 15s);
  LONGS_EQUAL(1, device.feeds);
  CHECK(watchdog.interval() == 7500ms);
  CHECK(watchdog.timeout() == 15s);
  watchdog.feed();
  LONGS_EQUAL(2, device.feeds);
  LONGS_EQUAL(1, device.opens);
}

TEST(Watchdog, GoesByTheTimeThatIsGranted) {
  device.keeps_its_own = true;
  device.granted = 4s;
  watchdog.open("w", 15s);
  CHECK(watchdog.interval() == 2s);
  CHECK(watchdog.timeout() == 4s);
  CHECK(watchdog.fault().empty());
}

TEST(Watchdog, ADriverThatDoesNotTellItsTimeIsFedOften) {
  device.keeps_its_own = true;
  watchdog.open("w", 15s);
  CHECK(watchdog.interval() == 1s);
  LONGS_EQUAL(1, device.feeds);
}

TEST(Watchdog, OneThatCannotBeOpenedIsAFaultAndTriedAgain) {
  device.missing = true;
  watchdog.open("w", 15s);
  STRCMP_EQUAL("no such device", watchdog.fault().c_str());
  CHECK(watchdog.timeout() == 0s);
  CHECK(watchdog.interval() == 5s);
  watchdog.feed();
  LONGS_EQUAL(2, device.opens);
  device.missing = false;
  watchdog.feed();
  CHECK(watchdog.fault().empty());
  LONGS_EQUAL(1, device.feeds);
  CHECK(watchdog.interval() == 7500ms);
}

TEST(Watchdog, OneThatTakesNoFoodIsAFaultUntilItDoes) {
  watchdog.open("w", 15s);
  device.starving = true;
  watchdog.feed();
  STRCMP_EQUAL("it takes nothing", watchdog.fault().c_str());
  device.starving = false;
  watchdog.feed();
  CHECK(watchdog.fault().empty());
  LONGS_EQUAL(1, device.opens);
}

TEST_GROUP(LinuxWatchdog) {
  void refuses(const std::string& path) {
    LinuxWatchdog device;
    std::string error;
    CHECK_FALSE_TEXT(device.open(path, error), path.c_str());
    CHECK_TEXT(error.find(path) == 0, error.c_str());
  }
  TemporaryFolder folder_;
};

TEST(LinuxWatchdog, TakesNothingButAWatchdog) {
  folder_.put("file", "");
  LONGS_EQUAL(0, mkfifo(folder_.file("pipe").c_str(), 0600));
  refuses(folder_.file("missing"));
  refuses(folder_.file("file"));
  refuses(folder_.file("pipe"));
  refuses("/dev/null");
  STRCMP_EQUAL("", folder_.get("file").c_str());
}
