#include <array>
#include <limits>
#include <string>

#include "protocol/json.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(JsonWriter) {
  std::array<char, 256> out{};
  JsonWriter json{out};
};

TEST(JsonWriter, ComposesADocument) {
  json.raw("{\"a\":").string("b").raw(",\"n\":").number(-5).raw("}");
  CHECK(json.ok());
  CHECK_EQUAL("{\"a\":\"b\",\"n\":-5}"sv, json.text());
}

TEST(JsonWriter, EscapesWhatMustBeEscaped) {
  json.string("\"\\/\b\f\n\r\t\x01\x1f\x7f");
  CHECK_EQUAL(R"("\"\\/\b\f\n\r\t\u0001\u001f)"
              "\x7f\""sv,
              json.text());
}

TEST(JsonWriter, EscapesNulInTheMiddle) {
  json.string("a\0b"sv);
  CHECK_EQUAL(R"("a\u0000b")"sv, json.text());
}

TEST(JsonWriter, EscapesTheLineEndsOfJavaScriptOnly) {
  json.string("\xe2\x80\xa7|\xe2\x80\xa8|\xe2\x80\xa9|\xe2\x80\xaa|\xe2\x82\xac");
  CHECK_EQUAL("\"\xe2\x80\xa7|\\u2028|\\u2029|\xe2\x80\xaa|\xe2\x82\xac\""sv, json.text());
}

TEST(JsonWriter, KeepsOtherTextAsItIs) {
  json.string("呼叫 é 😀 <a>&'");
  CHECK_EQUAL("\"呼叫 é 😀 <a>&'\""sv, json.text());
}

TEST(JsonWriter, WritesExtremeNumbers) {
  json.number(0).raw(" ").number(std::numeric_limits<std::int64_t>::min());
  json.raw(" ").number(std::numeric_limits<std::int64_t>::max());
  CHECK_EQUAL("0 -9223372036854775808 9223372036854775807"sv, json.text());
}

TEST(JsonWriter, FillsItsMemoryToTheLastByte) {
  std::array<char, 4> four{};
  JsonWriter exact(four);
  exact.string("ab");
  CHECK(exact.ok());
  CHECK_EQUAL("\"ab\""sv, exact.text());
}

TEST(JsonWriter, OverflowIsSticky) {
  std::array<char, 4> four{};
  JsonWriter full(four);
  full.raw("abc").raw("de").raw("f");
  CHECK_FALSE(full.ok());
  CHECK_EQUAL("abc"sv, full.text());
}

TEST(JsonWriter, WhatItWritesIsCheckedAndDecodedBack) {
  for (unsigned code = 0; code < 0x80; ++code) {
    std::array<char, 16> memory{};
    std::array<char, 16> scratch{};
    const std::string text = {'x', static_cast<char>(code), 'y'};
    JsonWriter writer(memory);
    writer.string(text);
    CHECK(!json_check(writer.text(), 1));
    CHECK_EQUAL(std::string_view(text),
                json_decode_string(writer.text(), scratch).value_or("refused"));
  }
}
