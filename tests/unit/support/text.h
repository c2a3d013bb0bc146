#pragma once
// Lets CHECK_EQUAL compare and print string_view. Include it after the headers under test: the
// CppUTest headers come last on purpose.
#include <string>
#include <string_view>

#include <CppUTest/TestHarness.h>

/// Bytes outside printable ASCII are printed as \xNN, so that rows of odd bytes stay readable.
inline SimpleString StringFrom(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string printable;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      printable += c;
    } else {
      printable.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15U]);
    }
  }
  return SimpleString(printable.c_str());
}
