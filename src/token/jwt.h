#pragma once
#include <string_view>

#include "token/jwt_verifier.h"
#include "token/passport.h"

namespace bellhop {

/// How much later than `nbf` our clock may be behind the issuer's (RFC 7519 section 4.1.5).
inline constexpr Duration kNotBeforeLeeway{30000};

/// Reads a JWT in compact form (RFC 7519; RFC 7515 section 7.1) of at most kTokenBytes. The
/// signature is checked before any claim is looked at. `sub` is the user's id: a string, or a whole
/// number of which the digits are taken; `name` may be a string (cut to what fits), `exp` and `nbf`
/// are numbers of seconds that may have a fraction. A header with `crit` is refused.
/// `out` is filled when the verdict is good.
[[nodiscard]] TokenVerdict check_jwt(std::string_view token, const JwtVerifier& verifier,
                                     WallTime now, Passport& out);

}  // namespace bellhop
