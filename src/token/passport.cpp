#include "token/passport.h"

#include <array>

namespace bellhop {
namespace {

constexpr std::array<std::string_view, kTokenVerdicts> kNames = {
    "good",        "missing",       "too_long", "malformed", "unknown",
    "unsupported", "bad_signature", "bad_user", "expired",   "not_yet_valid"};

}  // namespace

std::string_view token_verdict_name(TokenVerdict verdict) {
  return kNames[static_cast<std::size_t>(verdict)];
}

}  // namespace bellhop
