#include "protocol/utf8.h"

#include <cstdint>
#include <cstring>

#include "protocol/utf8_sequence.h"

namespace bellhop {

namespace {

[[nodiscard]] bool eight_ascii(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return (bytes & 0x8080808080808080U) == 0;
}

[[nodiscard]] bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Characters of four bytes are a surrogate pair in UTF-16; continuation bytes count nothing.
[[nodiscard]] std::size_t units_of(char c) {
  return continues(c) ? 0U : static_cast<unsigned char>(c) >= 0xF0U ? 2U : 1U;
}

}  // namespace

bool utf8_valid(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (end - at >= 8 && eight_ascii(at)) {
      at += 8;
      continue;
    }
    const std::size_t length = utf8_sequence(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) units += units_of(c);
  return units;
}

std::size_t utf8_prefix_of_utf16_length(std::string_view text, std::size_t units) {
  const char* at = text.data();
  const char* const end = at + text.size();
  std::size_t seen = 0;
  while (seen < units) {
    const std::size_t length = utf8_sequence(at, end);
    if (length == 0) return std::string_view::npos;
    seen += units_of(*at);
    at += length;
  }
  return seen == units ? static_cast<std::size_t>(at - text.data()) : std::string_view::npos;
}

}  // namespace bellhop
