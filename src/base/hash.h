#pragma once
#include <cstdint>
#include <string_view>

namespace bellhop {

/// FNV-1a, 32 bits: for the tables that are searched by name.
[[nodiscard]] constexpr std::uint32_t hash_text(std::string_view text) {
  std::uint32_t value = 2166136261U;
  for (const char byte : text) value = (value ^ static_cast<unsigned char>(byte)) * 16777619U;
  return value;
}

}  // namespace bellhop
