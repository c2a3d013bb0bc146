#pragma once
#include <array>
#include <string_view>

namespace bellhop {

/// SHA-256 (FIPS 180-4): all that is kept of a key or token once it has been read.
using Digest = std::array<unsigned char, 32>;

/// False only when mbedTLS fails. No heap.
[[nodiscard]] bool sha256(std::string_view text, Digest& digest);

/// Takes the same time wherever they differ.
[[nodiscard]] bool same_digest(const Digest& a, const Digest& b);

}  // namespace bellhop
