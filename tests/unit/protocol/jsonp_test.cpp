#include <array>
#include <string>

#include "protocol/engineio.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

std::string unwrap(std::string_view form) {
  std::string body(form);
  const auto payload = jsonp_unwrap(body);
  return payload ? std::string(payload->data(), payload->size()) : "refused";
}

struct Row {
  std::string_view form;
  std::string_view payload;
};

constexpr Row kForms[] = {
    {"d=1%3A2", "1:2"},
    {"d=", ""},
    {"d=a+b%2Bc", "a b+c"},
    {"d=%E5%91%BC%e5%8f%ab", "呼叫"},
    {"d=3%3A4%5Cn", "3:4\n"},
    {"d=4%5C%5Cn", "4\\n"},
    {"d=%5C%5C%5Cn", "\\\\n"},
    {"d=%5C%5C%5C%5Cn", "\\\\\\n"},
    {"d=%5Cn%5Cn%5C%5Cn", "\n\n\\n"},
    {"d=a%5C%22b%5C", "a\\\"b\\"},
    {"d=%5C%5C", "\\\\"},
    {"x=1&d=2&y=3", "2"},
    {"d=1&d=2", "1"},
    {"x=%zz&d=2", "2"},
    {"dd=1&d=2&", "2"},
    {"&&d=a=b", "a=b"},
    {"", "refused"},
    {"d", "refused"},
    {"e=1", "refused"},
    {"D=1", "refused"},
    {"x=d=1", "refused"},
    {"d=%", "refused"},
    {"d=%4", "refused"},
    {"d=%4g", "refused"},
    {"d=%g4", "refused"},
    {"d=ab%2&x=41", "refused"},
};

}  // namespace

TEST_GROUP(Jsonp){};

TEST(Jsonp, WrapsThePayloadAsAScript) {
  std::array<char, 128> out{};
  CHECK_EQUAL(R"(___eio[0]("5:40\"\\n");)"sv, jsonp_wrap(0, "5:40\"\\n", out).value_or("refused"));
  CHECK_EQUAL(R"(___eio[4294967295]("\u2028\u2029");)"sv,
              jsonp_wrap(4294967295U, "\xe2\x80\xa8\xe2\x80\xa9", out).value_or("refused"));
}

TEST(Jsonp, RefusesWhatDoesNotFit) {
  std::array<char, 15> out{};
  CHECK(jsonp_wrap(0, "a", out).has_value());
  CHECK_FALSE(jsonp_wrap(0, "ab", out).has_value());
  CHECK_FALSE(jsonp_wrap(0, "\n", out).has_value());
}

TEST(Jsonp, UnwrapsTheField) {
  for (const Row& row : kForms) {
    CHECK_EQUAL_TEXT(row.payload, std::string_view(unwrap(row.form)),
                     StringFrom(row.form).asCharString());
  }
}
