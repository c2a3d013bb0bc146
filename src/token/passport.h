#pragma once
// Who the bearer of a token is (contract section 3, Admission).
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/fixed_string.h"
#include "base/handle.h"
#include "base/instant.h"
#include "platform/digest.h"

namespace bellhop {

inline constexpr std::size_t kUserIdBytes = 64;
inline constexpr std::size_t kUserNameBytes = 128;
inline constexpr std::size_t kTokenBytes = 1024;  ///< longest token that is looked at

using UserId = FixedString<kUserIdBytes>;
using UserName = FixedString<kUserNameBytes>;
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

/// Why `text` can be no user's id; empty: it can. 1 to 64 bytes of UTF-8 without control
/// characters, `"` and `\`: so ids need no escapes in JSON, and the length of the online list has
/// a bound.
[[nodiscard]] std::string_view user_id_fault(std::string_view text);
/// The same for a name shown to people: at most 128 bytes of UTF-8, no control characters.
[[nodiscard]] std::string_view user_name_fault(std::string_view text);

}  // namespace bellhop
