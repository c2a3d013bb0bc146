#pragma once
#include <string>

#include "platform/clock_device.h"

namespace bellhop {

/// clock_settime and a Linux RTC that keeps UTC. The RTC is read and set by ourselves: a 32-bit
/// kernel does not take a time past 2038 from it.
class MachineClock final : public ClockDevice {
 public:
  /// `rtc` is a device such as /dev/rtc0.
  explicit MachineClock(std::string rtc) : rtc_(std::move(rtc)) {}

  [[nodiscard]] WallTime wall_now() override;
  [[nodiscard]] bool set_wall(WallTime to, std::string& error) override;
  [[nodiscard]] std::optional<WallTime> read_rtc(std::string& error) override;
  [[nodiscard]] bool set_rtc(WallTime to, std::string& error) override;

 private:
  std::string rtc_;
};

}  // namespace bellhop
