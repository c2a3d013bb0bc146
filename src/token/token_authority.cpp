#include "token/token_authority.h"

#include "token/jwt.h"

namespace bellhop {

TokenVerdict TokenAuthority::check(std::string_view token, WallTime now, Passport& out) {
  const TokenVerdict verdict = judge(token, now, out);
  ++counts_[static_cast<std::size_t>(verdict)];
  return verdict;
}

TokenVerdict TokenAuthority::judge(std::string_view token, WallTime now, Passport& out) const {
  if (token.empty()) return TokenVerdict::missing;
  if (token.size() > kTokenBytes) return TokenVerdict::too_long;
  if (token.find('.') != token.npos) return check_jwt(token, verifier_, now, out);
  return check_registered(token, now, out);
}

TokenVerdict TokenAuthority::check_registered(std::string_view token, WallTime now,
                                              Passport& out) const {
  const TokenId id = book_.find(token);
  const TokenRecord* record = book_.record(id);
  if (record == nullptr) return TokenVerdict::unknown;
  if (now >= record->expires) return TokenVerdict::expired;
  out = {record->user, record->name, record->expires, id, {}};
  return TokenVerdict::good;
}

bool TokenAuthority::still_good(const Passport& passport, WallTime now) const {
  if (!passport.token) return now < passport.expires && verifier_.knows(passport.signer);
  const TokenRecord* record = book_.record(passport.token);
  return record != nullptr && now < record->expires;
}

}  // namespace bellhop
