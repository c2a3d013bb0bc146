#pragma once
// RFC 4648: section 4 (base64, Engine.IO payloads) and section 5 (base64url, ids and keys).
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace bellhop {

[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}
[[nodiscard]] constexpr std::size_t base64url_size(std::size_t bytes) {
  return (bytes * 8 + 5) / 6;  // unpadded
}

/// Padded base64 of `bytes` into `out`, which holds base64_size(); returns what was written.
std::string_view base64_encode(std::string_view bytes, std::span<char> out);
/// Unpadded base64url; `out` holds base64url_size().
std::string_view base64url_encode(std::string_view bytes, std::span<char> out);

/// Decodes base64 (padding optional, as JavaScript's decoders take it) to `out`, which may be the
/// text's own memory: decoding in place is allowed. nullopt for a foreign character or impossible
/// length, or when `out` is too small.
[[nodiscard]] std::optional<std::string_view> base64_decode(std::string_view text,
                                                            std::span<char> out);
/// The same for base64url, which takes one spelling only: no padding, and no stray bits in the last
/// character, so that a token has no second text that means the same.
[[nodiscard]] std::optional<std::string_view> base64url_decode(std::string_view text,
                                                               std::span<char> out);

}  // namespace bellhop
