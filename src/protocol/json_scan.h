#pragma once
// How the JSON sources step over text that has been checked. On other text the steps end in odd
// places but never outside [at, end). Not meant for use outside protocol/.
#include <cstddef>
#include <cstring>
#include <string_view>

namespace bellhop::json_scan {

[[nodiscard]] inline bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

[[nodiscard]] inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

[[nodiscard]] inline const char* skip_space(const char* at, const char* end) {
  while (at != end && is_space(*at)) ++at;
  return at;
}

/// Behind the string that opens at `at`: its closing quote is the first with an even number of
/// backslashes in front.
[[nodiscard]] inline const char* string_end(const char* at, const char* end) {
  const char* const first = at + 1;
  for (const char* from = first; from < end;) {
    const void* found = std::memchr(from, '"', static_cast<std::size_t>(end - from));
    if (found == nullptr) return end;
    const char* const quote = static_cast<const char*>(found);
    const char* slashes = quote;
    while (slashes != first && slashes[-1] == '\\') --slashes;
    if ((quote - slashes) % 2 == 0) return quote + 1;
    from = quote + 1;
  }
  return end;
}

/// Four hexadecimal digits; -1 when they are not there.
[[nodiscard]] inline int hex4(const char* at, const char* end) {
  if (end - at < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const char lower = static_cast<char>(at[i] | 0x20);
    const int digit = is_digit(at[i])                ? at[i] - '0'
                      : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
                                                     : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

[[nodiscard]] inline bool is_high_surrogate(int unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
[[nodiscard]] inline bool is_low_surrogate(int unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// Behind the value that starts at `at`; `at` itself when none does.
[[nodiscard]] const char* value_end(const char* at, const char* end);

/// True when the string literal (with quotes) decodes to exactly `text`.
[[nodiscard]] bool literal_is(std::string_view literal, std::string_view text);

}  // namespace bellhop::json_scan
