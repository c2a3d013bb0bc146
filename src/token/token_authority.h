#pragma once
#include <array>

#include "token/authority.h"
#include "token/jwt_verifier.h"
#include "token/token_book.h"

namespace bellhop {

/// Registered tokens and JWTs together: a JWT has dots, a registered token never has.
class TokenAuthority final : public Authority {
 public:
  TokenAuthority(const TokenBook& book, const JwtVerifier& verifier)
      : book_(book), verifier_(verifier) {}

  /// No heap for registered tokens; a JWT's signature may need some.
  [[nodiscard]] TokenVerdict check(std::string_view token, WallTime now, Passport& out) override;
  [[nodiscard]] bool still_good(const Passport& passport, WallTime now) const override;

  /// How often check() came to this verdict.
  [[nodiscard]] std::uint64_t count(TokenVerdict verdict) const {
    return counts_[static_cast<std::size_t>(verdict)];
  }

 private:
  [[nodiscard]] TokenVerdict judge(std::string_view token, WallTime now, Passport& out) const;
  [[nodiscard]] TokenVerdict check_registered(std::string_view token, WallTime now,
                                              Passport& out) const;

  const TokenBook& book_;
  const JwtVerifier& verifier_;
  std::array<std::uint64_t, kTokenVerdicts> counts_{};
};

}  // namespace bellhop
