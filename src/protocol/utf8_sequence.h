#pragma once
// One step of UTF-8 checking, shared by utf8.cpp and json_check.cpp.
#include <cstddef>

namespace bellhop {

/// Length (1 to 4) of the well-formed sequence at `at`, 0 when there is none (RFC 3629 section 4;
/// the second byte's range is what keeps overlong forms, surrogates and > U+10FFFF out).
[[nodiscard]] inline std::size_t utf8_sequence(const char* at, const char* end) {
  const auto byte = [at](std::size_t i) { return static_cast<unsigned char>(at[i]); };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  if (at == end) return 0;
  const auto left = static_cast<std::size_t>(end - at);
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return left >= 2 && tail(1) ? 2 : 0;
  if (lead < 0xF0) {
    if (left < 3 || !tail(1) || !tail(2)) return 0;
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;
    return lead == 0xED && byte(1) > 0x9F ? 0 : 3;
  }
  if (left < 4 || !tail(1) || !tail(2) || !tail(3)) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  return lead == 0xF4 && byte(1) > 0x8F ? 0 : 4;
}

}  // namespace bellhop
