#pragma once
// The keys that JWTs are signed with, as the back ends' issuer hands them to the box (RFC 7518
// sections 3.2 and 3.4).
#include <array>
#include <string>
#include <vector>

#include "platform/digest.h"

namespace bellhop {

inline constexpr std::size_t kShortestSecret = 32;  ///< RFC 7518 section 3.2: as long as the hash
inline constexpr std::size_t kLongestSecret = 256;

/// A secret shared with the issuer (HS256).
struct HmacKey {
  std::string secret;
  Digest fingerprint{};
};

/// A public key on P-256 (ES256).
struct EcKey {
  std::array<unsigned char, 32> x{};
  std::array<unsigned char, 32> y{};
  Digest fingerprint{};
};

/// All of one kind are valid at once, so that an issuer can change its key. The fingerprint tells
/// keys apart across a reload; it is no secret.
struct TokenKeys {
  TokenKeys() = default;
  ~TokenKeys();  ///< wipes the secrets
  TokenKeys(const TokenKeys&) = delete;
  TokenKeys& operator=(const TokenKeys&) = delete;
  TokenKeys(TokenKeys&&) = default;
  TokenKeys& operator=(TokenKeys&& other) noexcept;

  std::vector<HmacKey> hs256;
  std::vector<EcKey> es256;
};

/// Reads one secret a line (rules as for the push key, at least 32 characters) and one or several
/// PEM public keys. "" names no file: no keys of that kind. False with `error` naming the file and
/// the way out, and `keys` as they were: this is also how SIGHUP reads them again.
[[nodiscard]] bool load_token_keys(const std::string& hs256_file, const std::string& es256_file,
                                   TokenKeys& keys, std::string& error);

}  // namespace bellhop
