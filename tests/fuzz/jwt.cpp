// Whatever a stranger sends as a JWT is judged; what is judged good names a possible user.
#include "token/jwt.h"

#include <string>

#include "fuzz.h"
#include "protocol/base64.h"

using namespace bellhop;
using fuzz::require;

namespace {

constexpr WallTime kNow{Duration{1700000000000}};

/// Every signature is good, so that claims are reached.
class AnySignature final : public JwtVerifier {
 public:
  bool supports(JwtAlgorithm) const override { return true; }
  bool verify(JwtAlgorithm, std::string_view, std::string_view, Digest&) const override {
    return true;
  }
  bool knows(const Digest&) const override { return true; }
};

std::string base64url(std::string_view bytes) {
  std::string text(base64url_size(bytes.size()), '\0');
  base64url_encode(bytes, text);
  return text;
}

void judge(std::string_view token) {
  if (token.size() > kTokenBytes) return;
  Passport passport;
  const TokenVerdict verdict = check_jwt(token, AnySignature(), kNow, passport);
  if (verdict != TokenVerdict::good) {
    require(passport.user.empty(), "a refusal leaves the passport alone");
    return;
  }
  require(user_id_fault(passport.user.view()).empty(), "the user is a possible one");
  require(passport.expires > kNow, "it has not expired");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  judge(text);
  judge(base64url(R"({"alg":"ES256"})") + "." + base64url(text) + ".AAAA");
  judge(base64url(text) + "." + base64url(R"({"sub":"1"})") + ".AAAA");
  return 0;
}
