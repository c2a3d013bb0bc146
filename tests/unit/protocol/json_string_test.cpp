#include <array>
#include <string>

#include "protocol/json.h"
#include "protocol/json_scan.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(JsonString) {
  std::array<char, 64> scratch{};
  std::string_view decode(std::string_view literal) {
    return json_decode_string(literal, scratch).value_or("refused");
  }
};

TEST(JsonString, WithoutEscapesPointsIntoTheLiteral) {
  const std::string_view literal = "\"呼叫 call\"";
  const auto text = json_decode_string(literal, {});
  CHECK_EQUAL("呼叫 call"sv, text.value_or("refused"));
  CHECK(text->data() == literal.data() + 1);
}

TEST(JsonString, DecodesEveryEscape) {
  CHECK_EQUAL(""sv, decode("\"\""));
  CHECK_EQUAL("\"\\/\b\f\n\r\t"sv, decode(R"("\"\\\/\b\f\n\r\t")"));
  CHECK_EQUAL("a\nb"sv, decode(R"("a\nb")"));
  CHECK_EQUAL("\\n"sv, decode(R"("\\n")"));
  CHECK_EQUAL("\0"sv, decode(R"("\u0000")"));
  CHECK_EQUAL("\x7f"sv, decode(R"("\u007f")"));
  CHECK_EQUAL("\xc2\x80"sv, decode(R"("\u0080")"));
  CHECK_EQUAL("\xdf\xbf"sv, decode(R"("\u07FF")"));
  CHECK_EQUAL("\xe0\xa0\x80"sv, decode(R"("\u0800")"));
  CHECK_EQUAL("\xef\xbf\xbf"sv, decode(R"("\uffff")"));
  CHECK_EQUAL("\xf0\x90\x80\x80"sv, decode(R"("\uD800\uDC00")"));
  CHECK_EQUAL("x😀y"sv, decode(R"("x\ud83d\ude00y")"));
  CHECK_EQUAL("\xf4\x8f\xbf\xbf"sv, decode(R"("\uDBFF\uDFFF")"));
}

TEST(JsonString, RefusesWhatDoesNotFit) {
  std::array<char, 3> three{};
  CHECK_EQUAL("\nab"sv, json_decode_string(R"("\nab")", three).value_or("refused"));
  CHECK_FALSE(json_decode_string(R"("\nabc")", three).has_value());
  CHECK_FALSE(json_decode_string(R"("ab\u00e9")", three).has_value());
  CHECK_FALSE(json_decode_string(R"("\n")", {}).has_value());
}

TEST(JsonString, RefusesUncheckedText) {
  for (const std::string_view literal :
       {""sv, "\""sv, "a"sv, "null"sv, "1"sv, "\"a"sv, "a\""sv, R"("\")"sv, R"("\q")"sv,
        R"("\u12")"sv, R"("\ud800")"sv, R"("\udc00")"sv, R"("\ud800\n")"sv, R"("\ud800\u0041")"sv,
        R"("\ud800\ud800")"sv}) {
    CHECK_EQUAL("refused"sv, decode(literal));
  }
}

TEST(JsonString, ComparesByMeaning) {
  CHECK(json_scan::literal_is("\"\"", ""));
  CHECK(json_scan::literal_is("\"connect\"", "connect"));
  CHECK(json_scan::literal_is(R"("c\u006fnnect")", "connect"));
  CHECK(json_scan::literal_is(R"("\u0063\u006F")", "co"));
  CHECK_FALSE(json_scan::literal_is("\"connec\"", "connect"));
  CHECK_FALSE(json_scan::literal_is("\"connect_\"", "connect"));
  CHECK_FALSE(json_scan::literal_is(R"("\u0063onnectX")", "connect"));
  CHECK_FALSE(json_scan::literal_is("connect", "connect"));
  CHECK_FALSE(json_scan::literal_is(R"("\")", "\\"));
}
