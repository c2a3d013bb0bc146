#pragma once
// The notification protocol of systemd, sd_notify(3), without its library: datagrams of KEY=value
// lines to the socket that NOTIFY_SOCKET names.
#include <string>
#include <string_view>

#include "base/instant.h"

namespace bellhop {

/// Does nothing when the environment names no socket, i.e. when not started as a service.
class ServiceManager {
 public:
  ServiceManager() = default;
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. False with `error` when a socket is
  /// named but cannot be used: Type=notify would wait in vain, so the caller gives up.
  [[nodiscard]] bool open(std::string& error);

  void ready(std::string_view status);   // READY=1 and STATUS=
  void status(std::string_view status);  // STATUS=, one line for `systemctl status`
  void reloading(Instant now);           // RELOADING=1; ready() ends it
  void stopping(std::string_view status);
  void feed_watchdog();  // WATCHDOG=1

  /// How often to call feed_watchdog(): half of what the manager allows; zero: no watchdog.
  [[nodiscard]] Duration watchdog_interval() const { return watchdog_interval_; }

 private:
  void send(std::string_view state) const;

  int socket_ = -1;
  Duration watchdog_interval_{0};
};

}  // namespace bellhop
