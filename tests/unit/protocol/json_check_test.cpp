#include <string>

#include "protocol/json.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view kGood[] = {
    // Structures and white space.
    "{}", "[]", "[[]]", "[{}]", "{\"a\":{}}", "{\"a\":[]}", " { } ", "\t[\n]\r ", "[ [ ] , [ ] ]",
    "{\"a\":1,\"b\":2}", "{\"a\":1,\"a\":2}", "{\"\":0}", "{ \"a\" : [ 1 , 2 ] , \"b\" : null }",
    "[null,1,\"2\",[3],{\"4\":5},true,false]", "[1,\n1\n,1]", "{\"a\":\"b\",\"c\":{\"d\":[{}]}}",
    // Scalars alone.
    "true", "false", "null", "0", "\"\"", " 1 ", "-1", "\"a\"", "\n\"a\"\n",
    // Numbers.
    "[-0]", "[0]", "[-0.0]", "[0e1]", "[0e+1]", "[0E-1]", "[1e5]", "[1E22]", "[1.5]", "[1.5e-7]",
    "[123456789012345678901234567890]", "[-123.123]", "[1e400]", "[0.00000000000000000001]",
    "[20e1]", "[123e65]", "[123.456e78]", "[1.000000000000000005]", "[9007199254740993]",
    // Strings.
    R"(["\"\\\/\b\f\n\r\t"])", R"(["\u0000"])", R"(["\u00e9\uD83D\uDE00"])", R"(["\ud83d\ude00"])",
    R"(["\uDBFF\uDFFF"])", R"(["\uFFFF"])", R"(["\u0022\u005c"])", R"(["\\u0000"])", R"(["\\n"])",
    R"("\\")", R"("\\\\")", R"("\"")", "[\"/\"]", "[\"\x7f\"]", "[\"呼叫 é 😀\"]",
    "[\"\xe2\x80\xa8\xe2\x80\xa9\"]", "[\"\xef\xbb\xbf\"]", "[\"\xef\xbf\xbf\"]",
    "[\"\xf4\x8f\xbf\xbf\"]", "{\"呼\":\"叫\"}", "{\"\\u0061\":1}", "[\"a/*b*/c\"]",
    "[\",\",\"]\"]", "[\"01234567890123456789\"]", "[\"0123456\",\"01234567\",\"012345678\"]"};

constexpr std::string_view kBad[] = {
    // Nothing, or too much.
    "", " ", "\n\t", "{}{}", "[] []", "1 2", "[]]", "{}}", "[1]x", "nullnull", "true false", "{}#",
    "\xef\xbb\xbf{}", "[]\0"sv, "\0"sv, "[1],", ",", ":", "]", "}", "\x0c[]", "\xc2\xa0[]",
    "[]\x0b",
    // Structures.
    "[", "{", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[\"a\" \"b\"]", "[1:2]",
    "[:]", "[}", "{]", "[{]}", "{\"a\"", "{\"a\":", "{\"a\":}", "{\"a\":1", "{\"a\":1,",
    "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\" 1}", "{\"a\",1}", "{\"a\"::1}", "{\"a\":1:2}",
    "{\"a\":1,,\"b\":2}", "{a:1}", "{1:1}", "{null:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "{[]:1}",
    "{\"a\":1]", "[1}", "[[1,2]", "{\"a\":[1}", "{:1}", "{\"a\":/*c*/1}", "[1]//c", "<a>", "[<a>]",
    "(1)", "[...]", "{\"a\":\"b\"]", "{\"a\" : \"b\", \"c\"", "[\"a\"", "[\"a\",",
    "{\"a\":{\"b\":1}", "undefined", "[undefined]",
    // Scalars.
    "tru", "truee", "True", "TRUE", "nul", "nulL", "fals", "[tru]", "[fals", "[nul", "NaN", "[NaN]",
    "[Infinity]", "[-Infinity]", "[-NaN]", "a", "[a]", "'a'", "['a']", "`a`", "t", "f", "n",
    // Numbers.
    "[01]", "[-01]", "[00]", "[-]", "[+1]", "[+]", "[.5]", "[-.5]", "[1.]", "[1.e5]", "[1e]",
    "[1e+]", "[1E-]", "[1e1.5]", "[1e1e1]", "[0x1F]", "[0x]", "[1_000]", "[1,000.0.1]", "[--1]",
    "[-+1]", "[1-2]", "[1+2]", "[2.e3]", "[0.e1]", "[0e]", "[0E+]", "[1 000]", "[-2.]", "[1a]",
    "[-a]", "[- 1]", "[1.2.3]", "[0.1.2]", "[\xef\xbc\x91]", "[1\0]"sv, "-", "1.", "1e", "0x", "01",
    "[-012]",
    // Strings.
    "\"", "\"a", "[\"a]", "[\"\\\"]", "[\"a\\", "\"\\", "[\"\\a\"]", "[\"\\x41\"]", "[\"\\'\"]",
    "[\"\\0\"]", "[\"\\ \"]", "[\"\\\n\"]", "[\"\\N\"]", "[\"\\é\"]", "[\"\\U0041\"]",
    "[\"\\\0\"]"sv, "[\"\\u\"]", "[\"\\u1\"]", "[\"\\u12\"]", "[\"\\u123\"]", "[\"\\u123g\"]",
    "[\"\\u 123\"]", "[\"\\u+123\"]", "[\"\\u00", "[\"\\u004", "\"\\u0041", "[\"\\uD800\"]",
    "[\"\\uDC00\"]", "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]", "[\"\\uD800\\uD800\"]",
    "[\"\\uD800\\n\"]", "[\"\\uD83Dx\\uDE00\"]", "[\"\\uDE00\\uD83D\"]", "[\"\\uD83D",
    "[\"\\uD83D\\uDE0", "[\"a\nb\"]", "[\"a\tb\"]", "[\"a\rb\"]", "[\"\0\"]"sv, "[\"\x1f\"]",
    "[\"0123456789\x01\"]", "{\"a\x01\":1}", "{\"a\nb\":1}", "{\"\\q\":1}",
    // UTF-8.
    "[\"\x80\"]", "[\"\xff\"]", "[\"\xc0\xaf\"]", "[\"\xc3\"]", "[\"\xe4\xbd\"]",
    "[\"\xed\xa0\x80\"]", "[\"\xf0\x9f\x98\"]", "[\"\xf4\x90\x80\x80\"]", "[\"\xe0\x80\xaf\"]",
    "[\"\xfc\x80\x80\"]", "[\xff]", "[\"abcdefgh\xff\"]", "{\"\xff\":1}", "\"\xc3", "[\xe9]",
    "\xff\xfe[\0]\0"sv};

std::string nested(std::size_t levels, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < levels; ++i) text += open;
  text += '1';
  for (std::size_t i = 0; i < levels; ++i) text += close;
  return text;
}

}  // namespace

TEST_GROUP(JsonCheck){void fails(std::string_view text, std::string_view reason,
                                 std::size_t offset){const auto error = json_check(text, 16);
CHECK_TEXT(error.has_value(), StringFrom(text).asCharString());
CHECK_EQUAL(reason, std::string_view(error->reason));
CHECK_EQUAL_TEXT(offset, error->offset, StringFrom(text).asCharString());
}
}
;

TEST(JsonCheck, TakesGoodTexts) {
  for (const std::string_view text : kGood) {
    CHECK_TEXT(!json_check(text, 16), StringFrom(text).asCharString());
  }
}

TEST(JsonCheck, RefusesBadTexts) {
  for (const std::string_view text : kBad) {
    CHECK_TEXT(json_check(text, 16).has_value(), StringFrom(text).asCharString());
  }
}

TEST(JsonCheck, NoGoodContainerIsGoodWhenCutShort) {
  for (const std::string_view text : kGood) {
    const std::string_view whole = json_trim(text);
    if (json_type(whole) == JsonType::number) continue;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string_view cut = whole.substr(0, size);
      const auto error = json_check(cut, 16);
      CHECK_TEXT(error.has_value(), StringFrom(cut).asCharString());
      CHECK_TEXT(error->offset <= size, StringFrom(cut).asCharString());
    }
  }
}

TEST(JsonCheck, AControlIsFoundAtEveryPlaceOfAString) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (const char wrong : {'\0', '\n', '\x1f', '\x80', '\xff'}) {
        std::string text = '"' + std::string(size, 'x') + '"';
        text[place + 1] = wrong;
        const auto error = json_check(text, 1);
        CHECK(error.has_value());
        LONGS_EQUAL(place + 1, error->offset);
      }
    }
  }
}

TEST(JsonCheck, AStringEndsAtItsQuoteWhereverThatIs) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string plain(size, ' ');
    CHECK(!json_check('"' + plain + '"', 1));
    CHECK(!json_check('"' + plain + "\\\"" + plain + '"', 1));
    CHECK(!json_check('"' + plain + "呼\x7f" + plain + '"', 1));
    fails('"' + plain + "\"\"", "unexpected text after the value", size + 2);
  }
}

TEST(JsonCheck, NestingIsBounded) {
  for (const unsigned depth : {1U, 2U, 16U, 63U, 64U}) {
    CHECK(!json_check(nested(depth, "[", "]"), depth));
    CHECK(!json_check(nested(depth, "{\"a\":", "}"), depth));
    CHECK(json_check(nested(depth + 1, "[", "]"), depth).has_value());
    CHECK(json_check(nested(depth + 1, "{\"a\":", "}"), depth).has_value());
  }
  CHECK(!json_check("1", 0));
  CHECK(json_check("[]", 0).has_value());
  fails(nested(17, "[", "]"), "nested too deeply", 16);
}

TEST(JsonCheck, NestingBeyondItsOwnBoundIsRefusedWhateverIsAsked) {
  CHECK(!json_check(nested(64, "[", "]"), 1000));
  CHECK(json_check(nested(65, "[", "]"), 1000).has_value());
  CHECK(json_check(std::string(1'000'000, '['), 0xFFFFFFFFU).has_value());
}

TEST(JsonCheck, ManyShallowContainersAreNoNesting) {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i) text += "{\"a\":[]},";
  CHECK(!json_check(text + "0]", 3));
}

TEST(JsonCheck, RemembersWhichContainerIsOpenAtEachLevel) {
  CHECK(!json_check(nested(32, "[{\"a\":", "}]"), 64));
  CHECK(json_check(nested(32, "[{\"a\":", "]}"), 64).has_value());
}

TEST(JsonCheck, SaysWhatIsWrongAndWhere) {
  fails("", "unexpected end of the text", 0);
  fails("{\"a\":1,}", "expected a member name in quotes", 7);
  fails("{\"a\" 1}", "expected ':'", 5);
  fails("{\"a\":1 \"b\":2}", "expected ',' or '}'", 7);
  fails("[1 2]", "expected ',' or ']'", 3);
  fails("[1,", "unexpected end of the text", 3);
  fails("[nulL]", "expected a value", 1);
  fails("[1.]", "expected a digit", 3);
  fails("[\"a\\q\"]", "unknown escape", 3);
  fails("[\"\\u12x4\"]", "expected four hexadecimal digits after \\u", 2);
  fails("[\"\\uD800\"]", "unpaired surrogate", 2);
  fails("[\"a\nb\"]", "control character in a string", 3);
  fails("[\"a\xff\"]", "invalid UTF-8", 3);
  fails("[\"abc", "unterminated string", 5);
  fails("{} x", "unexpected text after the value", 3);
}

TEST(JsonCheck, APrefixEndsWithItsValue) {
  struct {
    std::string_view text;
    std::size_t end;
  } const rows[] = {{"{} tail", 2}, {" [1,2]x", 6}, {"12abc", 2}, {"\"a\"\"b\"", 3},
                    {"1,2", 1},     {"null", 4},    {"01", 1},    {"[]]", 2}};
  for (const auto& row : rows) {
    std::size_t end = 0;
    CHECK_TEXT(!json_check_prefix(row.text, 16, end), StringFrom(row.text).asCharString());
    CHECK_EQUAL_TEXT(row.end, end, StringFrom(row.text).asCharString());
  }
}

TEST(JsonCheck, ABadPrefixTellsWhere) {
  std::size_t end = 0;
  const auto error = json_check_prefix("[1,}", 16, end);
  CHECK(error.has_value());
  LONGS_EQUAL(3, error->offset);
}
