#include <algorithm>
#include <array>
#include <charconv>

#include "protocol/json.h"

namespace bellhop {

namespace {

[[nodiscard]] bool is_line_separator(std::string_view text) {
  return text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9");
}

/// Where the next character that needs an escape is. U+2028 and U+2029 are among them because
/// they end a line in JavaScript, where JSONP and pages put the text.
[[nodiscard]] std::size_t find_special(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == '"' || c == '\\') return i;
    if (c == 0xE2 && is_line_separator(text.substr(i))) return i;
  }
  return text.size();
}

/// The letter of the two-character escape; 0 when there is none.
[[nodiscard]] char short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

/// Escapes the special character at the front of `text`; returns how many bytes it has there.
std::size_t write_escape(std::string_view text, JsonWriter& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto c = static_cast<unsigned char>(text.front());
  if (c == 0xE2) {
    out.raw(text[2] == '\xA8' ? "\\u2028" : "\\u2029");
    return 3;
  }
  if (const char letter = short_escape(text.front())) {
    out.raw("\\").raw({&letter, 1});
  } else {
    out.raw("\\u00").raw(kHex.substr(c >> 4, 1)).raw(kHex.substr(c & 15U, 1));
  }
  return 1;
}

}  // namespace

JsonWriter& JsonWriter::raw(std::string_view text) {
  if (!ok_ || text.size() > out_.size() - size_) {
    ok_ = false;
    return *this;
  }
  std::copy(text.begin(), text.end(), out_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += text.size();
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  raw("\"");
  for (;;) {
    const std::size_t plain = find_special(text);
    raw(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty() || !ok_) break;
    text.remove_prefix(write_escape(text, *this));
  }
  return raw("\"");
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  return raw({digits.data(), end});
}

}  // namespace bellhop
