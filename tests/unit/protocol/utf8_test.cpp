#include "protocol/utf8.h"

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr auto kNoPrefix = std::string_view::npos;

std::string encode(unsigned code) {
  const auto tail = [code](unsigned shift) {
    return static_cast<char>(0x80U | (code >> shift & 0x3FU));
  };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | code >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_GROUP(Utf8){};

TEST(Utf8, TakesEveryCodePointButSurrogates) {
  for (unsigned code = 0; code < 0x110000; ++code) {
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (utf8_valid(encode(code)) == surrogate) FAIL(StringFrom(encode(code)).asCharString());
  }
}

TEST(Utf8, RefusesWhatRfc3629Excludes) {
  for (const std::string_view text : {"\x80"sv,              // a continuation byte alone
                                      "\xbf"sv,              //
                                      "\xc0\x80"sv,          // overlong NUL
                                      "\xc1\xbf"sv,          // overlong in two bytes
                                      "\xe0\x80\x80"sv,      // overlong in three
                                      "\xe0\x9f\xbf"sv,      //
                                      "\xf0\x80\x80\x80"sv,  // overlong in four
                                      "\xf0\x8f\xbf\xbf"sv,  //
                                      "\xed\xa0\x80"sv,      // U+D800
                                      "\xed\xbf\xbf"sv,      // U+DFFF
                                      "\xf4\x90\x80\x80"sv,  // U+110000
                                      "\xf5\x80\x80\x80"sv,
                                      "\xf8\x88\x80\x80\x80"sv,
                                      "\xfe"sv,
                                      "\xff"sv,
                                      "\xc3"sv,  // cut short
                                      "\xe4\xbd"sv,
                                      "\xf0\x9f\x98"sv,
                                      "\xc3("sv,
                                      "\xe4\xbd("sv,
                                      "\xf0\x9f\x98("sv,
                                      "\xe4("sv,
                                      "\xf0(\x98\x80"sv}) {
    CHECK_TEXT(!utf8_valid(text), StringFrom(text).asCharString());
    // The same behind and before ASCII, where the fast path runs.
    for (std::size_t pad = 0; pad < 20; ++pad) {
      const std::string around = std::string(pad, 'a') + std::string(text) + std::string(9, 'b');
      CHECK_TEXT(!utf8_valid(around), StringFrom(around).asCharString());
    }
  }
}

TEST(Utf8, TakesMixedText) {
  CHECK(utf8_valid(""));
  CHECK(utf8_valid("呼叫 call é 😀 done"));
  CHECK(utf8_valid("\0\x7f"sv));
}

TEST(Utf8, CountsAsJavaScriptDoes) {
  LONGS_EQUAL(0, utf16_length(""));
  LONGS_EQUAL(3, utf16_length("abc"));
  LONGS_EQUAL(4, utf16_length("4é😀"));
  LONGS_EQUAL(2, utf16_length("呼叫"));
}

TEST(Utf8, FindsThePrefixOfALength) {
  LONGS_EQUAL(0, utf8_prefix_of_utf16_length("abc", 0));
  LONGS_EQUAL(2, utf8_prefix_of_utf16_length("abc", 2));
  LONGS_EQUAL(3, utf8_prefix_of_utf16_length("abc", 3));
  LONGS_EQUAL(3, utf8_prefix_of_utf16_length("4é😀x", 2));
  LONGS_EQUAL(7, utf8_prefix_of_utf16_length("4é😀x", 4));
  LONGS_EQUAL(8, utf8_prefix_of_utf16_length("4é😀x", 5));
}

TEST(Utf8, HasNoPrefixThatSplitsACharacterOrIsLongerThanTheText) {
  CHECK(utf8_prefix_of_utf16_length("4é😀x", 3) == kNoPrefix);
  CHECK(utf8_prefix_of_utf16_length("4é😀x", 6) == kNoPrefix);
  CHECK(utf8_prefix_of_utf16_length("", 1) == kNoPrefix);
}

TEST(Utf8, HasNoPrefixOfInvalidText) {
  CHECK(utf8_prefix_of_utf16_length("a\xff\xff", 2) == kNoPrefix);
  CHECK(utf8_prefix_of_utf16_length("a\xff\xff", 3) == kNoPrefix);
  CHECK(utf8_prefix_of_utf16_length("\x80", 1) == kNoPrefix);
  CHECK(utf8_prefix_of_utf16_length("\xf0\x9f\x98", 2) == kNoPrefix);
  LONGS_EQUAL(1, utf8_prefix_of_utf16_length("a\xff", 1));
}
