#pragma once
#include <optional>
#include <string>

#include "base/instant.h"

namespace bellhop {

/// A moment of the wall clock in the calendar, UTC. Arithmetic of our own: the C library's is bound
/// to the size of its time_t.
struct UtcTime {
  int year = 1970;
  int month = 1;  ///< from 1
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;  ///< 60 at a leap second, which is the second after it
};

/// nullopt for days and times that are none, and for years that have not four digits.
[[nodiscard]] std::optional<WallTime> from_utc(const UtcTime& time);
/// Rounded down to whole seconds.
[[nodiscard]] UtcTime to_utc(WallTime at);
/// `2020-08-06T16:32:22Z`
[[nodiscard]] std::string utc_text(WallTime at);

}  // namespace bellhop
