#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "platform/watchdog_device.h"

namespace bellhop {

/// The hardware watchdog: resets the machine when the loop has not turned for a while. One that
/// cannot be used keeps nobody from serving: fault() tells of it, and each feed() tries again.
class Watchdog {
 public:
  explicit Watchdog(WatchdogDevice& device) : device_(device) {}

  /// Arms the watchdog at `path`; an empty one means that there is none. The driver may grant
  /// another timeout than `wanted`; it is fed by the one it grants.
  void open(const std::string& path, std::chrono::seconds wanted);
  void feed();

  /// How often to call feed(); zero: there is no watchdog.
  [[nodiscard]] Duration interval() const { return interval_; }
  /// Why the watchdog that was asked for does not watch; empty: it does, or none was asked for.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  /// After how long without feeding it resets the machine; zero: it does not, or does not tell.
  [[nodiscard]] std::chrono::seconds timeout() const { return timeout_; }

 private:
  [[nodiscard]] bool arm(std::string& error);
  void note(bool good, const std::string& error);

  WatchdogDevice& device_;
  std::string path_;
  std::chrono::seconds wanted_{0};
  std::chrono::seconds timeout_{0};
  Duration interval_{0};
  std::string fault_;
  bool armed_ = false;
};

}  // namespace bellhop
