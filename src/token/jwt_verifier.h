#pragma once
#include <cstdint>
#include <string_view>

#include "platform/digest.h"

namespace bellhop {

/// What a JWS may be signed with here (RFC 7518 section 3.1).
enum class JwtAlgorithm : std::uint8_t { hs256, es256 };

/// Checks signatures, and nothing else.
class JwtVerifier {
 public:
  /// Whether there is any key for it.
  [[nodiscard]] virtual bool supports(JwtAlgorithm algorithm) const = 0;
  /// Whether one of the keys of `algorithm` has signed `signed_text` (the token's first two parts
  /// with the dot between them) with `signature` (decoded). `signer` is then the key's fingerprint.
  [[nodiscard]] virtual bool verify(JwtAlgorithm algorithm, std::string_view signed_text,
                                    std::string_view signature, Digest& signer) const = 0;
  /// Whether a key is still among the keys.
  [[nodiscard]] virtual bool knows(const Digest& signer) const = 0;

 protected:
  ~JwtVerifier() = default;
};

}  // namespace bellhop
