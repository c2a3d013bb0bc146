#pragma once
// Users as everybody names them: ids on the wire and in tokens, names shown to people.
#include <cstddef>
#include <string_view>

#include "base/fixed_string.h"

namespace bellhop {

inline constexpr std::size_t kUserIdBytes = 64;     ///< longest user id
inline constexpr std::size_t kUserNameBytes = 128;  ///< longest name
using UserId = FixedString<kUserIdBytes>;
using UserName = FixedString<kUserNameBytes>;

/// Why `text` can be no user's id; empty: it can. 1 to 64 bytes of UTF-8 without control
/// characters, `"` and `\`: so ids need no escapes in JSON, and the length of the online list has
/// a bound.
[[nodiscard]] std::string_view user_id_fault(std::string_view text);
/// The same for a name: at most 128 bytes of UTF-8, no control characters; it may be empty.
[[nodiscard]] std::string_view user_name_fault(std::string_view text);

}  // namespace bellhop
