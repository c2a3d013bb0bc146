#include "platform/system.h"

#include <cstdlib>

#include "support/fake_manager.h"
#include "support/fake_watchdog.h"
#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;
using namespace std::chrono_literals;

TEST_GROUP(System) {
  void setup() override {
    clear_manager_environment();
  }
  void teardown() override {
    clear_manager_environment();
  }
  void open(const char* path) {
    CHECK_TEXT(system.open(path, 10s, error), error.c_str());
    now = system.feed_due();
  }

  TemporaryFolder folder;
  FakeWatchdog device;
  System system{device};
  std::string error;
  Instant now{};
};

TEST(System, NobodyWatches) {
  open("");
  system.feed(now);
  CHECK(system.feed_due() == kNever);
}

TEST(System, TheWatchdogIsFedWhenItIsDue) {
  open("w");
  LONGS_EQUAL(1, device.feeds);
  system.feed(now);
  LONGS_EQUAL(2, device.feeds);
  CHECK(system.feed_due() == now + 5s);
  system.feed(now + 4999ms);
  LONGS_EQUAL(2, device.feeds);
  system.feed(now + 7s);
  LONGS_EQUAL(3, device.feeds);
  CHECK(system.feed_due() == now + 12s);
}

TEST(System, WhoeverWatchesIsFedAtTheSameMoment) {
  FakeManager manager(folder.file("notify"));
  setenv("WATCHDOG_USEC", "4000000", 1);
  open("w");
  system.feed(now);
  LONGS_EQUAL(2, device.feeds);
  STRCMP_EQUAL("WATCHDOG=1", manager.next().c_str());
  CHECK(system.feed_due() == now + 2s);
  system.feed(now + 2s);
  LONGS_EQUAL(3, device.feeds);
  STRCMP_EQUAL("WATCHDOG=1", manager.next().c_str());
}

TEST(System, AManagerThatDoesNotWatchIsNotFed) {
  FakeManager manager(folder.file("notify"));
  open("w");
  system.feed(now);
  STRCMP_EQUAL("", manager.next().c_str());
}

TEST(System, AManagerThatCannotBeReachedEndsTheStart) {
  setenv("NOTIFY_SOCKET", folder.file("nobody").c_str(), 1);
  CHECK_FALSE(system.open("w", 10s, error));
  CHECK_FALSE(error.empty());
  LONGS_EQUAL(0, device.opens);
}
