#include "protocol/base64.h"

#include <array>
#include <string>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

struct Pair {
  std::string_view bytes;
  std::string_view text;
};

// The first seven are RFC 4648 section 10.
constexpr Pair kPairs[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\x00"sv, "AA=="},
    {"\x00\x00\x00"sv, "AAAA"},
    {"\xff\xff\xff", "////"},
    {"\xfb\xef\xbe", "++++"},
    {"\x01\x02\x03\x04", "AQIDBA=="},
};

std::string all_bytes(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 % 256);
  return bytes;
}

}  // namespace

TEST_GROUP(Base64) {
  std::array<char, 2048> out{};
};

TEST(Base64, EncodesWithPadding) {
  for (const Pair& pair : kPairs) {
    CHECK_EQUAL(pair.text, base64_encode(pair.bytes, out));
    LONGS_EQUAL(pair.text.size(), base64_size(pair.bytes.size()));
  }
}

TEST(Base64, DecodesWithAndWithoutPadding) {
  for (const Pair& pair : kPairs) {
    const std::string_view bare = pair.text.substr(0, pair.text.find('='));
    CHECK_EQUAL(pair.bytes, base64_decode(pair.text, out).value_or("refused"));
    CHECK_EQUAL(pair.bytes, base64_decode(bare, out).value_or("refused"));
  }
}

TEST(Base64, DecodesOverItsOwnText) {
  for (std::size_t size = 0; size < 300; ++size) {
    const std::string bytes = all_bytes(size);
    std::string text(base64_encode(bytes, out));
    CHECK_EQUAL(std::string_view(bytes), base64_decode(text, text).value_or("refused"));
  }
}

TEST(Base64, RefusesForeignCharactersAndImpossibleLengths) {
  for (const std::string_view text :
       {"A"sv,     "AAAAA"sv,    "="sv,          "===="sv,  "A==="sv,    "Zg="sv,
        "Zm9v="sv, "Zm9v===="sv, "Zg==Zg=="sv,   "Z=g="sv,  "=Zg="sv,    "Zm9v\n"sv,
        " Zm9v"sv, "Zm9-"sv,     "Zm9_"sv,       "Zm\0v"sv, "Zm9\x80"sv, "Z!=="sv,
        "Zm!="sv,  "!m9vZm9v"sv, "Zm9vZm9\xff"sv}) {
    CHECK_TEXT(!base64_decode(text, out), StringFrom(text).asCharString());
  }
}

TEST(Base64, RefusesWhenTheBytesDoNotFit) {
  std::array<char, 2> two{};
  CHECK(base64_decode("Zm8=", two).has_value());
  CHECK_FALSE(base64_decode("Zm9v", two).has_value());
}

TEST(Base64, IsAsLenientWithStrayBitsAsJavaScript) {
  CHECK_EQUAL("f"sv, base64_decode("Zh==", out).value_or("refused"));
}

TEST(Base64, UrlVariantHasItsOwnLettersAndNoPadding) {
  CHECK_EQUAL("-_-_"sv, base64url_encode("\xfb\xff\xbf", out));
  CHECK_EQUAL("Zg"sv, base64url_encode("f", out));
  LONGS_EQUAL(22, base64url_size(16));
  LONGS_EQUAL(20, base64url_size(15));
}

TEST(Base64, UrlVariantTakesOneSpellingOnly) {
  CHECK_EQUAL("f"sv, base64url_decode("Zg", out).value_or("refused"));
  CHECK_EQUAL("fo"sv, base64url_decode("Zm8", out).value_or("refused"));
  for (const std::string_view text :
       {"Zg=="sv, "Zm8="sv, "Zh"sv, "Zm9"sv, "Zm+v"sv, "Zm/v"sv, "Z"sv, "Zm9vZ"sv}) {
    CHECK_TEXT(!base64url_decode(text, out), StringFrom(text).asCharString());
  }
}

TEST(Base64, UrlVariantComesBackAsItWas) {
  for (std::size_t size = 0; size < 300; ++size) {
    const std::string bytes = all_bytes(size);
    std::string text(base64url_encode(bytes, out));
    LONGS_EQUAL(base64url_size(size), text.size());
    CHECK_EQUAL(std::string_view(bytes), base64url_decode(text, text).value_or("refused"));
  }
}
