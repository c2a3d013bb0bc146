#pragma once
#include <string_view>

#include "base/instant.h"

namespace bellhop {

/// A whole number above 0 and its unit: `90s`, `45m`, `12h`, `30d`; at most 100 years. False for
/// any other text.
[[nodiscard]] bool parse_duration(std::string_view text, Duration& duration);

}  // namespace bellhop
