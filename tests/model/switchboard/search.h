#pragma once
#include "harness.h"

namespace bellhop::model::switchboard {

/// Stories about presence and calls: the random ones, and all short ones, of up to `length` steps.
[[nodiscard]] SearchResult search_random(std::uint64_t steps, std::uint64_t seed);
[[nodiscard]] SearchResult search_all(std::size_t length);
/// All, one step shorter, in tables that are full soon.
[[nodiscard]] SearchResult search_full(std::size_t length);

}  // namespace bellhop::model::switchboard
