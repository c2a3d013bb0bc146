#pragma once
// Looks for a story in which gateway and model part.
#include <cstdint>
#include <optional>
#include <string>

#include "operation.h"

namespace bellhop::model {

struct Finding {
  Story story;  ///< as short as could be made
  Tables tables;
  std::string difference;
};

struct SearchResult {
  std::uint64_t stories = 0;
  std::uint64_t steps = 0;
  std::optional<Finding> finding;
};

/// Every story of up to `length` steps of three pages and two rooms that differs by more than the
/// names of pages and rooms.
[[nodiscard]] SearchResult search_all(std::size_t length, const Tables& tables);

/// About `steps` steps of stories drawn by `seed`, with tables so small that they are often full.
[[nodiscard]] SearchResult search_random(std::uint64_t steps, std::uint64_t seed);

}  // namespace bellhop::model
