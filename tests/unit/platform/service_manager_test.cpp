#include "platform/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

#include "platform/descriptor.h"
#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

namespace {

/// The manager's end of the socket.
class Manager {
 public:
  explicit Manager(const std::string& name)
      : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = offsetof(sockaddr_un, sun_path) + name.size() + (name[0] == '@' ? 0 : 1);
    CHECK_EQUAL(0, bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                        static_cast<socklen_t>(length)));
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }

  std::string next() {
    char bytes[512];
    const ssize_t size = recv(socket_.get(), bytes, sizeof bytes, 0);
    return size < 0 ? "" : std::string(bytes, static_cast<std::size_t>(size));
  }

 private:
  Descriptor socket_;
};

}  // namespace

TEST_GROUP(ServiceManager) {
  void setup() override {
    clear();
  }
  void teardown() override {
    clear();
  }
  static void clear() {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
  }

  void tells(Manager & manager) {
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
  Manager manager(folder_.file("notify"));
  tells(manager);
}

TEST(ServiceManager, SpeaksToAnAbstractSocket) {
  Manager manager("@" + folder_.file("notify").substr(1));
  tells(manager);
}

TEST(ServiceManager, FeedsAtHalfTheTime) {
  Manager manager(folder_.file("notify"));
  setenv("WATCHDOG_USEC", "20000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  ServiceManager service;
  CHECK(service.open(error_));
  CHECK(service.watchdog_interval() == Duration{10000});
}

TEST(ServiceManager, AWatchdogForAnotherProcessIsNotOurs) {
  Manager manager(folder_.file("notify"));
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
