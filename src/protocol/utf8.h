#pragma once
#include <cstddef>
#include <string_view>

namespace bellhop {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool utf8_valid(std::string_view text);

/// How many UTF-16 code units JavaScript sees in valid UTF-8 (Engine.IO 3 counts lengths in them).
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// Bytes of the prefix of `text` that holds exactly `units` UTF-16 code units; npos when the text
/// is shorter, when the cut would split a character or when the prefix is not valid UTF-8.
[[nodiscard]] std::size_t utf8_prefix_of_utf16_length(std::string_view text, std::size_t units);

}  // namespace bellhop
