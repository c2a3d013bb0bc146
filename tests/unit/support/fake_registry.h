#pragma once
// A registry that does as it is told. Knows no test framework.
#include <string>

#include "token/token_registry.h"

namespace bellhop {

class FakeRegistry final : public TokenRegistry {
 public:
  RegistryResult add(const NewToken& token, WallTime now, IssuedToken& issued) override {
    asked = "add " + std::string(token.user) + " " + std::string(token.name) + " " +
            (token.expires == WallTime::max()
                 ? "never"
                 : std::to_string(token.expires.time_since_epoch().count()));
    if (result != RegistryResult::done) return result;
    issued.token = "the-token";
    const bool fits = issued.record.id.assign("t1") && issued.record.user.assign(token.user) &&
                      issued.record.name.assign(token.name);
    issued.record.created = now;
    issued.record.expires = token.expires;
    return fits ? result : RegistryResult::refused;
  }
  RegistryResult remove(std::string_view id) override {
    asked = "remove " + std::string(id);
    return result;
  }
  std::string_view reason() const override { return "told to"; }

  RegistryResult result = RegistryResult::done;
  std::string asked;
};

}  // namespace bellhop
