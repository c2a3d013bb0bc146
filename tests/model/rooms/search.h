#pragma once
#include "harness.h"

namespace bellhop::model::rooms {

/// Stories about rooms: the random ones, and all short ones, of up to `length` steps.
[[nodiscard]] SearchResult search_random(std::uint64_t steps, std::uint64_t seed);
[[nodiscard]] SearchResult search_all(std::size_t length);
/// All, one step shorter, in tables that are full soon.
[[nodiscard]] SearchResult search_full_rooms(std::size_t length);
[[nodiscard]] SearchResult search_full_members(std::size_t length);

}  // namespace bellhop::model::rooms
