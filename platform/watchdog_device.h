#pragma once
#include <chrono>
#include <string>

namespace bellhop {

/// What is asked of a hardware watchdog. LinuxWatchdog is the real one; tests have their own.
class WatchdogDevice {
 public:
  virtual ~WatchdogDevice() = default;

  /// From then on the machine is reset when nobody feeds it, also after the end of this process.
  /// False with `error` when there is no watchdog of that name, or another process has it.
  [[nodiscard]] virtual bool open(const std::string& path, std::string& error) = 0;
  /// A wish: the driver may take another timeout, or keep its own.
  virtual void wish_timeout(std::chrono::seconds timeout) = 0;
  /// The timeout in force; zero when the driver does not tell.
  [[nodiscard]] virtual std::chrono::seconds timeout() = 0;
  /// Whether it goes on when this process dies: some drivers stop when they are closed.
  [[nodiscard]] virtual bool outlives_us() = 0;
  [[nodiscard]] virtual bool feed(std::string& error) = 0;
};

}  // namespace bellhop
