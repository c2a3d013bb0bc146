#include "config/duration.h"

#include <charconv>

namespace bellhop {
namespace {

constexpr std::int64_t kMost = std::int64_t{36500} * 86400;

/// 0: no unit.
std::int64_t seconds_of(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    default:
      return 0;
  }
}

}  // namespace

bool parse_duration(std::string_view text, Duration& duration) {
  const std::int64_t unit = text.empty() ? 0 : seconds_of(text.back());
  if (unit == 0) return false;
  const char* end = text.data() + text.size() - 1;
  std::int64_t number = 0;
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end) return false;
  if (number <= 0 || number > kMost / unit) return false;
  duration = std::chrono::seconds(number * unit);
  return true;
}

}  // namespace bellhop
