#pragma once
// Files of secrets, one a line, '#' starts a comment line: while one is being rotated, the old and
// the new one are valid.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace bellhop {

inline constexpr std::size_t kMostKeys = 64;

struct KeyLineBounds {
  std::size_t shortest;
  std::size_t longest;
};

/// Reads such a file, which must be a regular one that only its owner can read, and hands each
/// secret to `take`; the views are wiped afterwards. False when the file is missing, empty or
/// broken: `error` names it and the way out, never a secret, and what was taken must not be used.
[[nodiscard]] bool read_key_lines(const std::string& path, const KeyLineBounds& bounds,
                                  const std::function<bool(std::string_view)>& take,
                                  std::string& error);

}  // namespace bellhop
