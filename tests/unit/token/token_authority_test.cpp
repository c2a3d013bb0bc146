#include "token/token_authority.h"

#include <string>
#include <vector>

#include "support/jwt_maker.h"
#include "support/text.h"
#include "support/token_records.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr WallTime kNow{Duration{1700000000000}};
constexpr Duration kMs{1};

class OneKey final : public JwtVerifier {
 public:
  bool supports(JwtAlgorithm) const override { return there; }
  bool verify(JwtAlgorithm, std::string_view, std::string_view, Digest& signer) const override {
    signer[0] = 7;
    return true;
  }
  bool knows(const Digest& signer) const override { return there && signer[0] == 7; }
  bool there = true;
};

}  // namespace

TEST_GROUP(TokenAuthority) {
  TokenBook book{4};
  OneKey verifier;
  TokenAuthority authority{book, verifier};
  Passport passport;

  std::string_view check(std::string_view token, WallTime now = kNow) {
    return token_verdict_name(authority.check(token, now, passport));
  }
  static std::string jwt(std::string_view claims) {
    return signed_text(kHs256, claims) + "." + base64url("signature");
  }
};

TEST(TokenAuthority, ARegisteredTokenIsGoodUntilItExpires) {
  book.load(std::vector{record_of("a", "1", kNow + kMs), record_of("b", "2")});
  CHECK_EQUAL("good"sv, check("a"));
  CHECK_EQUAL("1"sv, passport.user.view());
  CHECK(passport.token == book.find("a"));
  CHECK(authority.still_good(passport, kNow));
  CHECK_FALSE(authority.still_good(passport, kNow + kMs));
  CHECK_EQUAL("expired"sv, check("a", kNow + kMs));
  CHECK_EQUAL("good"sv, check("b", WallTime::max() - kMs));
}

TEST(TokenAuthority, ARevokedTokenIsGoodNoMore) {
  book.load(std::vector{record_of("a", "1"), record_of("b", "2")});
  CHECK_EQUAL("good"sv, check("a"));
  book.load(std::vector{record_of("b", "2")});
  CHECK_FALSE(authority.still_good(passport, kNow));
  CHECK_EQUAL("unknown"sv, check("a"));
  CHECK_EQUAL("good"sv, check("b"));
  CHECK(authority.still_good(passport, kNow));
}

TEST(TokenAuthority, AnExpiryThatIsMovedCounts) {
  book.load(std::vector{record_of("a", "1")});
  CHECK_EQUAL("good"sv, check("a"));
  book.load(std::vector{record_of("a", "1", kNow)});
  CHECK_FALSE(authority.still_good(passport, kNow));
}

TEST(TokenAuthority, AJwtIsGoodUntilItExpiresOrItsKeyIsWithdrawn) {
  CHECK_EQUAL("good"sv, check(jwt(R"({"sub":"1","exp":1700000001})")));
  CHECK(authority.still_good(passport, kNow));
  CHECK_FALSE(authority.still_good(passport, kNow + Duration{1000}));
  verifier.there = false;
  CHECK_FALSE(authority.still_good(passport, kNow));
  CHECK_EQUAL("unsupported"sv, check(jwt(R"({"sub":"1"})")));
}

TEST(TokenAuthority, APassportOfNobodyIsNeverGood) {
  book.load(std::vector{record_of("a", "1")});
  CHECK_FALSE(authority.still_good({}, kNow));
}

TEST(TokenAuthority, WhatIsNoTokenIsRefusedForWhatItIs) {
  CHECK_EQUAL("missing"sv, check(""));
  CHECK_EQUAL("unknown"sv, check("garbage"));
  CHECK_EQUAL("unknown"sv, check(std::string(1024, 'x')));
  CHECK_EQUAL("too_long"sv, check(std::string(1025, 'x')));
  CHECK_EQUAL("too_long"sv, check(std::string(1000, 'x') + "." + std::string(1000, 'y') + ".z"));
  CHECK_EQUAL("malformed"sv, check("a.b.c"));
  CHECK_EQUAL("malformed"sv, check("."));
}

TEST(TokenAuthority, ARefusalLeavesThePassportAlone) {
  book.load(std::vector{record_of("a", "1")});
  CHECK_EQUAL("good"sv, check("a"));
  CHECK_EQUAL("unknown"sv, check("b"));
  CHECK_EQUAL("expired"sv, check(jwt(R"({"sub":"2","exp":1})")));
  CHECK_EQUAL("bad_user"sv, check(jwt(R"({"name":"2"})")));
  CHECK_EQUAL("1"sv, passport.user.view());
}

TEST(TokenAuthority, CountsVerdicts) {
  check("");
  check("x");
  check("y");
  LONGS_EQUAL(1, authority.count(TokenVerdict::missing));
  LONGS_EQUAL(2, authority.count(TokenVerdict::unknown));
  LONGS_EQUAL(0, authority.count(TokenVerdict::good));
}
