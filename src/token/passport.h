#pragma once
// Who the bearer of a token is (contract section 3, Admission).
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/handle.h"
#include "base/instant.h"
#include "platform/digest.h"
#include "protocol/user.h"

namespace bellhop {

inline constexpr std::size_t kTokenBytes = 1024;  ///< longest token that is looked at

using TokenId = Handle<struct TokenTag>;  ///< an opaque token in the TokenBook

/// What a good token says, kept by its session for as long as that lives.
struct Passport {
  UserId user;
  UserName name;  ///< shown to people; may be empty
  WallTime expires = WallTime::max();
  TokenId token;    ///< of an opaque token; null for a JWT
  Digest signer{};  ///< fingerprint of a JWT's key; zeros for an opaque token
};

enum class TokenVerdict : std::uint8_t {
  good,
  missing,        ///< no token, or an empty one
  too_long,       ///< more than kTokenBytes
  malformed,      ///< looks like a JWT and is none, or a claim is of a wrong type
  unknown,        ///< opaque and not registered, or revoked
  unsupported,    ///< a JWT whose algorithm is not the one of any configured key
  bad_signature,  ///< no configured key has signed it
  bad_user,       ///< `sub` is missing, or can be no user's id
  expired,
  not_yet_valid,  ///< `nbf`
};
inline constexpr std::size_t kTokenVerdicts = 10;

/// The enumerator as a word, for clients and metrics.
[[nodiscard]] std::string_view token_verdict_name(TokenVerdict verdict);

}  // namespace bellhop
