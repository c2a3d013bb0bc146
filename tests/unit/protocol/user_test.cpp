#include "protocol/user.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(User){};

TEST(User, IdsStandInJsonAsTheyAre) {
  for (const std::string_view good : {"1", "甲", "a b", "a/b", "<x>", "'", "../.."}) {
    CHECK(user_id_fault(good).empty());
  }
  CHECK(user_id_fault(std::string(kUserIdBytes, 'x')).empty());
  for (const std::string& bad :
       {std::string(), std::string("\""), std::string("a\\b"), std::string("a\nb"),
        std::string("a\0b", 3), std::string("\x7f"), std::string("\xff"), std::string("\xe7\x94"),
        std::string(kUserIdBytes + 1, 'x')}) {
    CHECK_TEXT(!user_id_fault(bad).empty(), bad.c_str());
  }
}

TEST(User, NamesAreTextForPeople) {
  for (const std::string_view good : {"", "甲 \"乙\"", "<img onerror=x>", "a\\b"}) {
    CHECK(user_name_fault(good).empty());
  }
  CHECK(user_name_fault(std::string(kUserNameBytes, 'x')).empty());
  for (const std::string& bad :
       {std::string("a\tb"), std::string("\xc0\x80"), std::string(kUserNameBytes + 1, 'x')}) {
    CHECK(!user_name_fault(bad).empty());
  }
}
