#pragma once
#include <optional>
#include <string>

#include "base/instant.h"

namespace bellhop {

/// The clocks of a machine as things that can be set: the running one, which starts somewhere at
/// each boot, and the one with a battery, if there is one. MachineClock is the real one.
class ClockDevice {
 public:
  virtual ~ClockDevice() = default;

  [[nodiscard]] virtual WallTime wall_now() = 0;
  /// False with the reason, e.g. without the right to.
  [[nodiscard]] virtual bool set_wall(WallTime to, std::string& error) = 0;
  /// nullopt with the reason when there is no such clock, or it has lost its time.
  [[nodiscard]] virtual std::optional<WallTime> read_rtc(std::string& error) = 0;
  [[nodiscard]] virtual bool set_rtc(WallTime to, std::string& error) = 0;
};

}  // namespace bellhop
