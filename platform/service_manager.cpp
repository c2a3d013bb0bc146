#include "platform/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace bellhop {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

Duration watchdog_from_environment() {
  const auto usec = number(environment("WATCHDOG_USEC"));
  const auto pid = number(environment("WATCHDOG_PID"));
  if (!usec || *usec <= 0 || (pid && *pid != getpid())) return Duration{0};
  return Duration{std::max<std::int64_t>(1, *usec / 2000)};
}

/// `@name` is a socket of the abstract name space, `/path` one in the file system.
std::optional<socklen_t> socket_address(std::string_view name, sockaddr_un& address) {
  if (name.size() < 2 || name.size() >= sizeof address.sun_path) return std::nullopt;
  if (name[0] != '@' && name[0] != '/') return std::nullopt;
  address = {};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';
  const std::size_t terminator = name[0] == '/' ? 1 : 0;
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + terminator);
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) close(socket_);
}

bool ServiceManager::open(std::string& error) {
  const std::string_view name = environment("NOTIFY_SOCKET");
  if (name.empty()) return true;
  sockaddr_un address{};
  const auto length = socket_address(name, address);
  if (!length) {
    error = "NOTIFY_SOCKET names no socket that can be used: " + std::string(name);
    return false;
  }
  socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0 || connect(socket_, reinterpret_cast<const sockaddr*>(&address), *length) != 0) {
    error = "NOTIFY_SOCKET " + std::string(name) + ": " + std::strerror(errno);
    return false;
  }
  watchdog_interval_ = watchdog_from_environment();
  return true;
}

void ServiceManager::ready(std::string_view status) {
  send("READY=1\nSTATUS=" + one_line(status));
}

void ServiceManager::status(std::string_view status) {
  send("STATUS=" + one_line(status));
}

void ServiceManager::reloading(Instant now) {
  // Type=notify-reload wants to know that this notice is newer than its SIGHUP.
  const std::int64_t usec = now.time_since_epoch().count() * 1000;
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec));
}

void ServiceManager::stopping(std::string_view status) {
  send("STOPPING=1\nSTATUS=" + one_line(status));
}

void ServiceManager::feed_watchdog() {
  send("WATCHDOG=1");
}

void ServiceManager::send(std::string_view state) const {
  if (socket_ < 0) return;
  // A manager that does not take it is told again by the next notice; nothing waits for it.
  while (::send(socket_, state.data(), state.size(), MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

}  // namespace bellhop
