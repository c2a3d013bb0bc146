#pragma once
// The service manager's end of the notification socket.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string>

#include "platform/descriptor.h"

namespace bellhop {

inline void clear_manager_environment() {
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
}

class FakeManager {
 public:
  explicit FakeManager(const std::string& name)
      : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = offsetof(sockaddr_un, sun_path) + name.size() + (name[0] == '@' ? 0 : 1);
    const int bound = bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                           static_cast<socklen_t>(length));
    if (bound != 0) std::abort();
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }

  /// The next notice; empty: there is none.
  std::string next() {
    char bytes[512];
    const ssize_t size = recv(socket_.get(), bytes, sizeof bytes, 0);
    return size < 0 ? "" : std::string(bytes, static_cast<std::size_t>(size));
  }

 private:
  Descriptor socket_;
};

}  // namespace bellhop
