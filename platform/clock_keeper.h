#pragma once
// A clock for a box without internet, and perhaps without a battery: after a boot the wall clock
// becomes the latest of what is known, so that it never runs backwards by more than a power cut.
#include <string>

#include "platform/clock_device.h"

namespace bellhop {

class ClockKeeper {
 public:
  /// `file` holds the last known time. No clock can rightly be before `released`, the day this
  /// program was made, nor half a century after it: such times are taken for broken.
  ClockKeeper(ClockDevice& device, std::string file, WallTime released)
      : device_(device), file_(std::move(file)), released_(released) {}

  /// Sets the wall clock to the latest of the RTC, the file and `released`, unless it is later
  /// already. False only when it cannot be set. `report` is a line that says which source won and
  /// what was odd about the others.
  [[nodiscard]] bool restore(std::string& report);

  /// Writes the wall clock to the file, durably, and to the RTC when there is one. False when the
  /// file cannot be written, or the clock is wrong so that it would spoil a better time there.
  [[nodiscard]] bool save(std::string& report);

 private:
  struct Candidate {
    std::string_view source;
    WallTime at;
  };
  [[nodiscard]] bool plausible(WallTime at) const;
  [[nodiscard]] std::optional<WallTime> read_file(std::string& error) const;
  void consider(std::string_view source, std::optional<WallTime> at, const std::string& error,
                Candidate& best, std::string& oddities) const;

  ClockDevice& device_;
  const std::string file_;
  const WallTime released_;
};

}  // namespace bellhop
