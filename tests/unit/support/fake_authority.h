#pragma once
// Tokens as a map, and time as two numbers. Knows no test framework.
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "platform/clock.h"
#include "token/authority.h"

namespace bellhop {

class FakeAuthority final : public Authority {
 public:
  TokenVerdict check(std::string_view token, WallTime now, Passport& out) override {
    if (token.empty()) return TokenVerdict::missing;
    const auto known = passports_.find(token);
    if (known == passports_.end()) return TokenVerdict::unknown;
    if (now >= known->second.expires) return TokenVerdict::expired;
    out = known->second;
    return TokenVerdict::good;
  }
  bool still_good(const Passport& passport, WallTime now) const override {
    return now < passport.expires && !revoked.contains(std::string(passport.user.view()));
  }

  void add(std::string_view token, std::string_view user, std::string_view name = "",
           WallTime expires = WallTime::max()) {
    Passport& passport = passports_[std::string(token)];
    static_cast<void>(passport.user.assign(user));
    static_cast<void>(passport.name.assign(name));
    passport.expires = expires;
  }

  std::set<std::string> revoked;  ///< users whose tokens are no longer good

 private:
  std::map<std::string, Passport, std::less<>> passports_;
};

class FakeClock final : public Clock {
 public:
  Instant now() override { return now_; }
  WallTime wall_now() override { return wall; }

  Instant now_{};
  WallTime wall{Duration{1700000000123}};
};

}  // namespace bellhop
