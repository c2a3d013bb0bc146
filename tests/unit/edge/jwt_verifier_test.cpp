#include "edge/jwt_verifier.h"

#include <string>

#include "platform/temporary_folder.h"
#include "support/jwt_maker.h"
#include "support/text.h"
#include "token/jwt.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr WallTime kNow{Duration{1700000000000}};
constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kOther = "fedcba9876543210fedcba9876543210";
constexpr std::string_view kClaims = R"({"sub":"1","name":"甲","exp":1700000060})";

}  // namespace

TEST_GROUP(JwtVerifier) {
  TemporaryFolder folder;
  EcIssuer issuer;
  LwsJwtVerifier verifier;
  Passport passport;

  void use(const std::string& secrets, const std::string& public_keys) {
    folder.put("secrets", secrets);
    folder.put("public.pem", public_keys);
    TokenKeys keys;
    std::string error;
    CHECK_TEXT(load_token_keys(secrets.empty() ? "" : folder.file("secrets"),
                               public_keys.empty() ? "" : folder.file("public.pem"), keys, error),
               error.c_str());
    verifier.set_keys(std::move(keys));
  }
  void setup() override {
    use(std::string(kSecret) + "\n", issuer.public_pem);
  }

  std::string_view check(std::string_view token) {
    return token_verdict_name(check_jwt(token, verifier, kNow, passport));
  }
};

TEST(JwtVerifier, TakesWhatTheKeysHaveSigned) {
  for (const std::string& token : {hs256_token(kClaims, kSecret), issuer.token(kClaims)}) {
    passport = {};
    CHECK_EQUAL("good"sv, check(token));
    CHECK_EQUAL("1"sv, passport.user.view());
    CHECK_EQUAL("甲"sv, passport.name.view());
    CHECK(passport.expires == WallTime{Duration{1700000060000}});
    CHECK_FALSE(passport.token);
    CHECK(verifier.knows(passport.signer));
  }
}

TEST(JwtVerifier, TakesATokenMadeElsewhere) {
  // By node's crypto, with the secret above and exp in 2100.
  CHECK_EQUAL("good"sv, check("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                              "eyJzdWIiOiI3IiwiZXhwIjo0MTAyNDQ0ODAwfQ."
                              "xlTaZj-ff-pRj9TbJIfAQuoO-gGl-GKrhQzQ9KwrXcA"));
  CHECK_EQUAL("7"sv, passport.user.view());
}

TEST(JwtVerifier, RefusesEveryKindOfBadToken) {
  const std::string good = hs256_token(kClaims, kSecret);
  const std::string good_ec = issuer.token(kClaims);
  const std::string text = good.substr(0, good.rfind('.'));
  const std::string signature = good.substr(good.rfind('.') + 1);
  const std::string ec_text = good_ec.substr(0, good_ec.rfind('.'));
  const std::string ec_signature = issuer.signature(ec_text);
  const std::string payload = base64url(R"({"sub":"2","exp":1700000060})");
  const std::string header = text.substr(0, text.find('.'));
  constexpr std::string_view kNone = R"({"alg":"none"})";
  EcIssuer stranger;
  struct Row {
    const char* what;
    std::string token;
    std::string_view verdict;
  };
  const Row rows[] = {
      {"wrong key", hs256_token(kClaims, kOther), "bad_signature"},
      {"wrong key, EC", stranger.token(kClaims), "bad_signature"},
      {"alg none", signed_text(kNone, kClaims) + ".", "malformed"},
      {"alg none with a signature", signed_text(kNone, kClaims) + "." + signature, "unsupported"},
      {"alg None", hs256_token(kClaims, kSecret, R"({"alg":"None"})"), "unsupported"},
      {"alg hs256", hs256_token(kClaims, kSecret, R"({"alg":"hs256"})"), "unsupported"},
      {"alg HS512", hs256_token(kClaims, kSecret, R"({"alg":"HS512"})"), "unsupported"},
      {"alg RS256", hs256_token(kClaims, kSecret, R"({"alg":"RS256"})"), "unsupported"},
      {"alg as a list", hs256_token(kClaims, kSecret, R"({"alg":["HS256"]})"), "malformed"},
      {"no alg", hs256_token(kClaims, kSecret, R"({"typ":"JWT"})"), "malformed"},
      {"crit", hs256_token(kClaims, kSecret, R"({"alg":"HS256","crit":["exp"]})"), "unsupported"},
      {"HS256 with the public key, PEM", hs256_token(kClaims, issuer.public_pem), "bad_signature"},
      {"HS256 signature under ES256", signed_text(kEs256, kClaims) + "." + signature,
       "bad_signature"},
      {"ES256 signature under HS256", text + "." + base64url(ec_signature), "bad_signature"},
      {"key in the header",
       stranger.token(kClaims, R"({"alg":"ES256","jwk":{"kty":"EC","crv":"P-256"}})"),
       "bad_signature"},
      {"signature cut", text + "." + base64url(hs256_signature(text, kSecret).substr(0, 16)),
       "bad_signature"},
      {"signature of one byte", text + "." + base64url(hs256_signature(text, kSecret).substr(0, 1)),
       "bad_signature"},
      {"signature cut in its text", good.substr(0, good.size() - 2), "malformed"},
      {"signature longer", text + "." + base64url(hs256_signature(text, kSecret) + "x"),
       "bad_signature"},
      {"EC signature cut", ec_text + "." + base64url(ec_signature.substr(0, 63)), "bad_signature"},
      {"EC signature of zeros", ec_text + "." + base64url(std::string(64, '\0')), "bad_signature"},
      {"signature of another", text + "." + signature.substr(0, 10) + "AAAA" + signature.substr(14),
       "bad_signature"},
      {"signature padded", good + "=", "malformed"},
      {"payload altered", header + "." + payload + "." + signature, "bad_signature"},
      {"payload altered, EC",
       ec_text.substr(0, ec_text.find('.')) + "." + payload + "." + base64url(ec_signature),
       "bad_signature"},
      {"expired", hs256_token(R"({"sub":"1","exp":1699999999})", kSecret), "expired"},
      {"not yet valid", issuer.token(R"({"sub":"1","nbf":1700000060})"), "not_yet_valid"},
      {"no sub", hs256_token(R"({"name":"1"})", kSecret), "bad_user"},
      {"sub is an object", issuer.token(R"({"sub":{}})"), "bad_user"},
      {"two parts", text, "malformed"},
      {"four parts", good + "." + signature, "malformed"},
      {"empty parts", "..", "malformed"},
      {"no header", "." + payload + "." + signature, "malformed"},
      {"no payload", header + ".." + signature, "malformed"},
      {"no signature", text + ".", "malformed"},
      {"garbage", "a.b.c", "malformed"},
      {"bytes", "\xff\x80.\x01.\x02", "malformed"},
      {"blank before", " " + good, "malformed"},
      {"a line end behind", good + "\n", "malformed"},
  };
  for (const Row& row : rows) {
    passport = {};
    CHECK_EQUAL_TEXT(row.verdict, check(row.token), row.what);
    CHECK_TEXT(passport.user.empty(), row.what);
  }
  CHECK_EQUAL("good"sv, check(good));
  CHECK_EQUAL("good"sv, check(good_ec));
}

TEST(JwtVerifier, WithoutKeysOfAKindThatKindIsRefused) {
  use("", issuer.public_pem);
  CHECK_EQUAL("unsupported"sv, check(hs256_token(kClaims, kSecret)));
  CHECK_EQUAL("unsupported"sv, check(hs256_token(kClaims, issuer.public_pem)));
  CHECK_EQUAL("good"sv, check(issuer.token(kClaims)));
  use(std::string(kSecret), "");
  CHECK_EQUAL("unsupported"sv, check(issuer.token(kClaims)));
  use("", "");
  CHECK_EQUAL("unsupported"sv, check(hs256_token(kClaims, "")));
}

TEST(JwtVerifier, WhileAKeyIsReplacedBothAreValid) {
  EcIssuer next;
  use(std::string(kOther) + "\n" + std::string(kSecret) + "\n",
      "the old\n" + issuer.public_pem + "the new\n" + next.public_pem);
  for (const std::string& token : {hs256_token(kClaims, kSecret), hs256_token(kClaims, kOther),
                                   issuer.token(kClaims), next.token(kClaims)}) {
    CHECK_EQUAL("good"sv, check(token));
  }
}

TEST(JwtVerifier, KnowsAKeyForAsLongAsItIsThere) {
  CHECK_EQUAL("good"sv, check(hs256_token(kClaims, kSecret)));
  const Digest secret = passport.signer;
  CHECK_EQUAL("good"sv, check(issuer.token(kClaims)));
  const Digest ec = passport.signer;
  CHECK(secret != ec);
  use(std::string(kOther) + "\n" + std::string(kSecret) + "\n", "");
  CHECK(verifier.knows(secret));
  CHECK_FALSE(verifier.knows(ec));
  CHECK_FALSE(verifier.knows(Digest{}));
}
