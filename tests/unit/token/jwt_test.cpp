#include "token/jwt.h"

#include <string>

#include "support/jwt_maker.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr WallTime kNow{Duration{1700000000000}};

/// Takes one signature for good, whatever the key.
class FakeVerifier final : public JwtVerifier {
 public:
  bool supports(JwtAlgorithm) const override { return true; }
  bool verify(JwtAlgorithm, std::string_view, std::string_view signature,
              Digest& signer) const override {
    signer[0] = 7;
    return signature == "good";
  }
  bool knows(const Digest&) const override { return true; }
};

}  // namespace

TEST_GROUP(Jwt) {
  FakeVerifier verifier;
  Passport passport;

  std::string_view check(std::string_view claims, std::string_view signature = "good") {
    passport = {};
    const std::string token = signed_text(kHs256, claims) + "." + base64url(signature);
    return token_verdict_name(check_jwt(token, verifier, kNow, passport));
  }
};

TEST(Jwt, FillsThePassport) {
  CHECK_EQUAL("good"sv,
              check(R"({"sub":"u1","name":"\u7532 A","exp":1700000001.5,"x":{"y":[1]}})"));
  CHECK_EQUAL("u1"sv, passport.user.view());
  CHECK_EQUAL("甲 A"sv, passport.name.view());
  CHECK(passport.expires == WallTime{Duration{1700000001500}});
  LONGS_EQUAL(7, passport.signer[0]);
}

TEST(Jwt, WithoutExpItNeverExpires) {
  CHECK_EQUAL("good"sv, check(R"({"sub":"u1"})"));
  CHECK(passport.expires == WallTime::max());
  CHECK(passport.name.empty());
}

TEST(Jwt, ReadsClaims) {
  const std::string long_id(64, 'u');
  struct Row {
    std::string claims;
    std::string_view verdict;
    std::string_view user;
  };
  const Row rows[] = {
      {R"({"sub":1})", "good", "1"},
      {R"({"sub":0})", "good", "0"},
      {R"({"sub":12345678901234567890})", "good", "12345678901234567890"},
      {R"({"sub":1.5})", "bad_user", ""},
      {R"({"sub":-1})", "bad_user", ""},
      {R"({"sub":1e3})", "bad_user", ""},
      {R"({"sub":true})", "bad_user", ""},
      {R"({"sub":null})", "bad_user", ""},
      {R"({"sub":["1"]})", "bad_user", ""},
      {R"({"sub":""})", "bad_user", ""},
      {R"({"sub":"a\nb"})", "bad_user", ""},
      {R"({"sub":"a\"b"})", "bad_user", ""},
      {R"({"sub":"a\\b"})", "bad_user", ""},
      {R"({"sub":"\u7532"})", "good", "甲"},
      {R"({"sub":")" + long_id + R"("})", "good", long_id},
      {R"({"sub":")" + long_id + R"(u"})", "bad_user", ""},
      {R"({"sub":"a","sub":"b"})", "good", "b"},
      {R"({"sub":"a","exp":1700000000.001})", "good", "a"},
      {R"({"sub":"a","exp":1700000000})", "expired", ""},
      {R"({"sub":"a","exp":-1})", "expired", ""},
      {R"({"sub":"a","exp":1e300})", "good", "a"},
      {R"({"sub":"a","exp":1e400})", "malformed", ""},
      {R"({"sub":"a","exp":-1e300})", "expired", ""},
      {R"({"sub":"a","exp":"1800000000"})", "malformed", ""},
      {R"({"sub":"a","exp":null})", "malformed", ""},
      {R"({"sub":"a","nbf":1699999999})", "good", "a"},
      {R"({"sub":"a","nbf":1700000030})", "good", "a"},
      {R"({"sub":"a","nbf":1700000030.5})", "not_yet_valid", ""},
      {R"({"sub":"a","nbf":1e300})", "not_yet_valid", ""},
      {R"({"sub":"a","nbf":"0"})", "malformed", ""},
      {R"({"sub":"a","name":null})", "good", "a"},
      {R"({"sub":"a","name":5})", "malformed", ""},
      {R"(["sub"])", "malformed", ""},
      {R"({"sub":"a"} {})", "malformed", ""},
      {R"({"sub":"a")", "malformed", ""},
      {R"( {"sub":"a"} )", "good", "a"},
      {"{\"sub\":\"\xff\"}", "malformed", ""},
      {std::string(17, '[') + std::string(17, ']'), "malformed", ""},
  };
  for (const Row& row : rows) {
    CHECK_EQUAL_TEXT(row.verdict, check(row.claims), row.claims.c_str());
    CHECK_EQUAL_TEXT(row.user, passport.user.view(), row.claims.c_str());
  }
}

TEST(Jwt, CutsALongNameBetweenCharacters) {
  std::string name = "x";
  for (int i = 0; i < 50; ++i) name += "甲";
  CHECK_EQUAL("good"sv, check(R"({"sub":"a","name":")" + name + R"("})"));
  CHECK_EQUAL(name.substr(0, 127), std::string(passport.name.view()));
}

TEST(Jwt, LooksAtNoClaimBeforeTheSignature) {
  CHECK_EQUAL("bad_signature"sv, check("{", "evil"));
  CHECK_EQUAL("bad_signature"sv, check(R"({"sub":"a","exp":1})", "evil"));
}

TEST(Jwt, TakesTheLongestToken) {
  // As long as a token may be: the signature's four bytes are six characters.
  const std::string frame = R"({"sub":"a","x":""})";
  const std::size_t room = (kTokenBytes - signed_text(kHs256, "").size() - 7) / 4 * 3;
  const std::string claims =
      R"({"sub":"a","x":")" + std::string(room - frame.size(), 'x') + R"("})";
  CHECK_EQUAL("good"sv, check(claims));
}
