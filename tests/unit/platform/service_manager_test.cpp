#include "platform/service_manager.h"

#include <unistd.h>

#include <cstdlib>

#include "support/fake_manager.h"
#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(ServiceManager) {
  void setup() override {
    clear_manager_environment();
  }
  void teardown() override {
    clear_manager_environment();
  }

  void tells(FakeManager & manager) {
    ServiceManager service;
    CHECK_TEXT(service.open(error_), error_.c_str());
    service.ready("serving\n8080");
    STRCMP_EQUAL("READY=1\nSTATUS=serving 8080", manager.next().c_str());
    service.status("3 sessions");
    STRCMP_EQUAL("STATUS=3 sessions", manager.next().c_str());
    service.reloading(Instant{Duration{42}});
    STRCMP_EQUAL("RELOADING=1\nMONOTONIC_USEC=42000", manager.next().c_str());
    service.feed_watchdog();
    STRCMP_EQUAL("WATCHDOG=1", manager.next().c_str());
    service.stopping("bye");
    STRCMP_EQUAL("STOPPING=1\nSTATUS=bye", manager.next().c_str());
    STRCMP_EQUAL("", manager.next().c_str());
  }

  TemporaryFolder folder_;
  std::string error_;
};

TEST(ServiceManager, SaysNothingWithoutAManager) {
  ServiceManager service;
  CHECK(service.open(error_));
  service.ready("x");
  service.feed_watchdog();
  CHECK(service.watchdog_interval() == Duration{0});
}

TEST(ServiceManager, SpeaksToASocketInTheFileSystem) {
  FakeManager manager(folder_.file("notify"));
  tells(manager);
}

TEST(ServiceManager, SpeaksToAnAbstractSocket) {
  FakeManager manager("@" + folder_.file("notify").substr(1));
  tells(manager);
}

TEST(ServiceManager, FeedsAtHalfTheTime) {
  FakeManager manager(folder_.file("notify"));
  setenv("WATCHDOG_USEC", "20000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  ServiceManager service;
  CHECK(service.open(error_));
  CHECK(service.watchdog_interval() == Duration{10000});
}

TEST(ServiceManager, AWatchdogForAnotherProcessIsNotOurs) {
  FakeManager manager(folder_.file("notify"));
  setenv("WATCHDOG_USEC", "20000000", 1);
  setenv("WATCHDOG_PID", "1", 1);
  ServiceManager service;
  CHECK(service.open(error_));
  CHECK(service.watchdog_interval() == Duration{0});
}

TEST(ServiceManager, ASocketThatCannotBeUsedIsAnError) {
  for (const std::string& name : {std::string("relative"), std::string("@"), std::string(200, '/'),
                                  folder_.file("nobody-listens")}) {
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    ServiceManager service;
    CHECK_FALSE_TEXT(service.open(error_), name.c_str());
    CHECK_FALSE(error_.empty());
  }
}
