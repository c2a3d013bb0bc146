#include "base/utc_time.h"

#include <array>
#include <cstdio>

namespace bellhop {

std::optional<WallTime> from_utc(const UtcTime& time) {
  const std::chrono::year_month_day date{std::chrono::year(time.year),
                                         std::chrono::month(static_cast<unsigned>(time.month)),
                                         std::chrono::day(static_cast<unsigned>(time.day))};
  const auto within = [](int value, int least, int most) {
    return value >= least && value <= most;
  };
  const bool good = within(time.year, 0, 9999) && date.ok() && within(time.hour, 0, 23) &&
                    within(time.minute, 0, 59) && within(time.second, 0, 60);
  if (!good) return std::nullopt;
  return WallTime{Duration(std::chrono::sys_days(date).time_since_epoch()) +
                  std::chrono::hours(time.hour) + std::chrono::minutes(time.minute) +
                  std::chrono::seconds(time.second)};
}

UtcTime to_utc(WallTime at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{std::chrono::sys_days(days)};
  const std::chrono::hh_mm_ss time(seconds - days);
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .hour = static_cast<int>(time.hours().count()),
          .minute = static_cast<int>(time.minutes().count()),
          .second = static_cast<int>(time.seconds().count())};
}

std::string utc_text(WallTime at) {
  const UtcTime time = to_utc(at);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", time.year, time.month,
                time.day, time.hour, time.minute, time.second);
  return text.data();
}

}  // namespace bellhop
