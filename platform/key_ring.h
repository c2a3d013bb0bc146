#pragma once
// The keys with which back ends (contract section 2) and the administrator prove themselves, from a
// file of one key a line (platform/key_lines.h).
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/digest.h"

namespace bellhop {

inline constexpr std::size_t kShortestKey = 16;
inline constexpr std::size_t kLongestKey = 256;

/// Holds only SHA-256 digests: a key stays in memory no longer than it takes to read it.
class KeyRing {
 public:
  /// Reads a key file; it must be a regular file that only its owner can read. On false `error`
  /// names the file and the way out, never a key, and the ring is as it was before: this is also
  /// how SIGHUP reloads it.
  [[nodiscard]] bool load(const std::string& path, std::string& error);

  /// Whether `presented` is one of the keys. Takes the same time whichever key matches and
  /// however long the common prefix is. No heap. An empty ring accepts nothing.
  [[nodiscard]] bool accepts(std::string_view presented) const;

  [[nodiscard]] std::size_t size() const { return digests_.size(); }

 private:
  std::vector<Digest> digests_;
};

/// A fresh key: 32 random bytes as 43 characters of base64url. False when there is no entropy.
[[nodiscard]] bool make_key(std::string& key);

}  // namespace bellhop
