#include "base/fixed_string.h"

#include "support/text.h"

using namespace bellhop;

TEST_GROUP(FixedString) {
  FixedString<4> text;
};

TEST(FixedString, StartsEmpty) {
  CHECK(text.empty());
  CHECK_EQUAL(std::string_view(), text.view());
}

TEST(FixedString, HoldsUpToItsCapacity) {
  CHECK(text.assign("abcd"));
  CHECK_EQUAL(std::string_view("abcd"), text.view());
  LONGS_EQUAL(4, FixedString<4>::capacity());
}

TEST(FixedString, RefusesWhatDoesNotFitAndKeepsTheOld) {
  CHECK(text.assign("ab"));
  CHECK_FALSE(text.assign("abcde"));
  CHECK_EQUAL(std::string_view("ab"), text.view());
}

TEST(FixedString, HoldsBytesOfAnyValue) {
  const std::string_view bytes("\0\xff\n", 3);
  CHECK(text.assign(bytes));
  CHECK(text == bytes);
}

TEST(FixedString, ComparesByContent) {
  CHECK(text.assign("ab"));
  CHECK(text == "ab");
  CHECK_FALSE(text == "abc");
  text.clear();
  CHECK(text == "");
}

TEST(FixedString, ReachesItsLargestCapacity) {
  FixedString<65535> large;
  CHECK(large.assign(std::string(65535, 'x')));
  LONGS_EQUAL(65535, large.view().size());
}
