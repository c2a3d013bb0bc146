#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "base/instant.h"

namespace bellhop {

/// Length of `2020-08-06T16:32:22.322+08:00`.
inline constexpr std::size_t kLocalTimeSize = 29;

/// Writes `at` in the machine's time zone (TZ or /etc/localtime), RFC 3339 with milliseconds and
/// offset, to `out` and returns what was written; empty when `out` is shorter than kLocalTimeSize
/// or the year has not four digits.
std::string_view format_local_time(WallTime at, std::span<char> out);

/// Length of `2020-08-06T16:32:22.3224288+08:00`.
inline constexpr std::size_t kSendTimeSize = 33;

/// The same with seven digits of a second, as call terminals write it (contract section 3); the
/// last four are zeros.
std::string_view format_send_time(WallTime at, std::span<char> out);

}  // namespace bellhop
