#include "token/passport.h"

#include <string>

#include "support/text.h"
#include "token/token_registry.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(Passport){};

TEST(Passport, UserIdsAreBoundedAndNeedNoEscape) {
  for (const std::string& good : {std::string("1"), std::string("nurse 7"), std::string("甲"),
                                  std::string("a@b.example/c"), std::string(64, 'x')}) {
    CHECK_EQUAL_TEXT(""sv, user_id_fault(good), good.c_str());
  }
  for (const std::string& bad :
       {std::string(), std::string(65, 'x'), std::string("a\"b"), std::string("a\\b"),
        std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f"), std::string("\xff"),
        std::string("\xe7\x94")}) {
    CHECK_FALSE(user_id_fault(bad).empty());
  }
}

TEST(Passport, NamesAreBounded) {
  CHECK_EQUAL(""sv, user_name_fault(""));
  CHECK_EQUAL(""sv, user_name_fault(R"(甲 "the \ first")"));
  CHECK_EQUAL(""sv, user_name_fault(std::string(128, 'x')));
  CHECK_FALSE(user_name_fault(std::string(129, 'x')).empty());
  CHECK_FALSE(user_name_fault("a\tb").empty());
  CHECK_FALSE(user_name_fault("\xff").empty());
}

TEST(Passport, TokenIdsAreWords) {
  for (const std::string& good :
       {std::string("a"), std::string("demo-1"), std::string("7.x_Y"), std::string(32, 'x')}) {
    CHECK_EQUAL_TEXT(""sv, token_id_fault(good), good.c_str());
  }
  for (const std::string& bad :
       {std::string(), std::string("-a"), std::string(".a"), std::string("a b"), std::string("a/b"),
        std::string("甲"), std::string(33, 'x')}) {
    CHECK_FALSE(token_id_fault(bad).empty());
  }
}

TEST(Passport, EveryVerdictHasAWordOfItsOwn) {
  for (std::size_t i = 0; i < kTokenVerdicts; ++i) {
    const auto name = token_verdict_name(static_cast<TokenVerdict>(i));
    CHECK_FALSE(name.empty());
    for (std::size_t k = 0; k < i; ++k) {
      CHECK(name != token_verdict_name(static_cast<TokenVerdict>(k)));
    }
  }
  CHECK_EQUAL("good"sv, token_verdict_name(TokenVerdict::good));
  CHECK_EQUAL("not_yet_valid"sv, token_verdict_name(TokenVerdict::not_yet_valid));
}
