#pragma once
#include "platform/descriptor.h"
#include "platform/watchdog_device.h"

namespace bellhop {

/// The kernel's interface (Documentation/watchdog/watchdog-api.rst). The letter that disarms a
/// watchdog is never written: whatever ends the program, somebody must start it again in time.
class LinuxWatchdog final : public WatchdogDevice {
 public:
  [[nodiscard]] bool open(const std::string& path, std::string& error) override;
  void wish_timeout(std::chrono::seconds timeout) override;
  [[nodiscard]] std::chrono::seconds timeout() override;
  [[nodiscard]] bool outlives_us() override { return outlives_us_; }
  [[nodiscard]] bool feed(std::string& error) override;

 private:
  Descriptor device_;
  bool outlives_us_ = false;
};

}  // namespace bellhop
