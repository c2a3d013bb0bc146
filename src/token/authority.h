#pragma once
#include <string_view>

#include "token/passport.h"

namespace bellhop {

/// Says who the bearer of a token is.
class Authority {
 public:
  /// Fills `out` when the verdict is good, else leaves it alone. `now` is the wall clock, which
  /// may jump.
  [[nodiscard]] virtual TokenVerdict check(std::string_view token, WallTime now, Passport& out) = 0;
  /// Whether a passport that was good still is: not expired, its token not revoked, its key not
  /// withdrawn. Cheap: meant to be asked for every session twice a second.
  [[nodiscard]] virtual bool still_good(const Passport& passport, WallTime now) const = 0;

 protected:
  ~Authority() = default;
};

}  // namespace bellhop
