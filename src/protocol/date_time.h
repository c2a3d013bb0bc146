#pragma once
#include <optional>
#include <string_view>

#include "base/instant.h"

namespace bellhop {

/// A moment as RFC 3339 section 5.6 writes it, with `T`, an offset or `Z`, and any number of
/// digits behind the second, of which three count. nullopt for other texts and for days that are
/// none. A leap second is the second after it.
[[nodiscard]] std::optional<WallTime> parse_date_time(std::string_view text);

}  // namespace bellhop
