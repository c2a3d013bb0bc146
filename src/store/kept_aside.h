#pragma once
// Database files that could not be used, for whoever wants to look what can be saved: the first
// ones, which are worth the most, and the last one. More would fill the disk of a box whose disk
// fails.
#include <cstddef>
#include <string>

namespace bellhop {

inline constexpr std::size_t kMostKeptAside = 3;

/// Moves the database at `path`, which nobody has open, to PATH.unreadable, PATH.unreadable.2 or
/// PATH.unreadable.3, together with its WAL; its new place. A power cut in between leaves what the
/// next call completes.
std::string keep_aside(const std::string& path);

[[nodiscard]] std::size_t count_kept_aside(const std::string& path);

}  // namespace bellhop
