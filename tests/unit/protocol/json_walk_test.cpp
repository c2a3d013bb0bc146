#include <string>
#include <vector>

#include "protocol/json.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

std::string members_of(std::string_view object) {
  std::string all;
  JsonMembers members(object);
  JsonMember member;
  while (members.next(member)) all.append(member.key).append("=").append(member.value).append(";");
  return all;
}

std::string elements_of(std::string_view array) {
  std::string all;
  JsonElements elements(array);
  std::string_view value;
  while (elements.next(value)) all.append(value).append(";");
  return all;
}

std::string_view find(std::string_view object, std::string_view key) {
  return json_find(object, key).value_or("nothing");
}

}  // namespace

TEST_GROUP(JsonWalk){};

TEST(JsonWalk, Trims) {
  CHECK_EQUAL("a b"sv, json_trim(" \t\r\n a b\n"));
  CHECK_EQUAL(""sv, json_trim(" \n "));
  CHECK_EQUAL("\x0b"sv, json_trim("\x0b"));
}

TEST(JsonWalk, TellsTypes) {
  CHECK(json_type("null") == JsonType::null);
  CHECK(json_type("true") == JsonType::boolean);
  CHECK(json_type(" false ") == JsonType::boolean);
  CHECK(json_type("-1") == JsonType::number);
  CHECK(json_type("0") == JsonType::number);
  CHECK(json_type("\"\"") == JsonType::string);
  CHECK(json_type("\n[]") == JsonType::array);
  CHECK(json_type("{}") == JsonType::object);
}

TEST(JsonWalk, WalksMembersAsTheyStand) {
  CHECK_EQUAL(""sv, std::string_view(members_of("{}")));
  CHECK_EQUAL(""sv, std::string_view(members_of(" { } ")));
  CHECK_EQUAL("\"a\"=1;"sv, std::string_view(members_of("{\"a\":1}")));
  CHECK_EQUAL(
      "\"a\"=1.0;\"b\"={ \"c\" : [1, 2] };\"a\"=\"x,}\";"sv,
      std::string_view(members_of("{ \"a\" : 1.0 ,\n\"b\":{ \"c\" : [1, 2] }\t, \"a\":\"x,}\" }")));
  CHECK_EQUAL("\"q\\\"\\\\\"=\"\\\\\";\"n\"=null;"sv,
              std::string_view(members_of("{\"q\\\"\\\\\":\"\\\\\",\"n\":null}")));
}

TEST(JsonWalk, WalksElementsAsTheyStand) {
  CHECK_EQUAL(""sv, std::string_view(elements_of("[]")));
  CHECK_EQUAL("1;"sv, std::string_view(elements_of("[1]")));
  CHECK_EQUAL("\"a,]\";[1,[2]];{\"b\":[3]};true;-1e5;"sv,
              std::string_view(elements_of("[ \"a,]\" , [1,[2]],{\"b\":[3]} ,true,-1e5 ]")));
}

TEST(JsonWalk, BracketsAndQuotesInsideStringsAreText) {
  CHECK_EQUAL("[\"]\",1];{\"}\":\"{\"};2;"sv,
              std::string_view(elements_of(R"([["]",1],{"}":"{"},2])")));
  CHECK_EQUAL(R"("a\\";"\\\"]";"\"";3;)"sv,
              std::string_view(elements_of(R"(["a\\","\\\"]","\"",3])")));
}

TEST(JsonWalk, GivesTheRestOfAnArrayRaw) {
  JsonElements elements(" [ \"ev\" , {\"a\" : 1} ,2 ] ");
  CHECK_EQUAL("\"ev\" , {\"a\" : 1} ,2"sv, elements.rest());
  std::string_view value;
  CHECK(elements.next(value));
  CHECK_EQUAL("{\"a\" : 1} ,2"sv, elements.rest());
  CHECK(elements.next(value));
  CHECK_EQUAL("2"sv, elements.rest());
  CHECK(elements.next(value));
  CHECK_EQUAL(""sv, elements.rest());
  CHECK_FALSE(elements.next(value));
}

TEST(JsonWalk, OtherTypesHaveNothingToWalk) {
  for (const std::string_view text : {""sv, " "sv, "1"sv, "null"sv, "\"{}\""sv, "[1]"sv}) {
    CHECK_EQUAL(""sv, std::string_view(members_of(text)));
  }
  for (const std::string_view text : {""sv, "1"sv, "\"[1]\""sv, "{\"a\":1}"sv}) {
    CHECK_EQUAL(""sv, std::string_view(elements_of(text)));
  }
}

TEST(JsonWalk, FindsTheLastOfEqualKeys) {
  CHECK_EQUAL("2"sv, find("{\"a\":1,\"a\":2}", "a"));
  CHECK_EQUAL("2"sv, find("{\"a\":1,\"\\u0061\":2}", "a"));
}

TEST(JsonWalk, FindsKeysByWhatTheyMean) {
  CHECK_EQUAL("1"sv, find(R"({"\u0072oomId":1})", "roomId"));
  CHECK_EQUAL("1"sv, find(R"({"\u547c":1})", "呼"));
  CHECK_EQUAL("1"sv, find(R"({"\ud83d\ude00":1})", "😀"));
  CHECK_EQUAL("1"sv, find(R"({"a\"b\\\n":1})", "a\"b\\\n"));
  CHECK_EQUAL("1"sv, find("{\"\":1}", ""));
}

TEST(JsonWalk, DoesNotFindWhatIsNotThere) {
  for (const std::string_view object :
       {"{}"sv, "{\"ab\":1}"sv, "{\"A\":1}"sv, "{\"b\":{\"a\":1}}"sv, "{\"b\":\"a\"}"sv,
        "[\"a\",1]"sv, "\"a\""sv, "null"sv, ""sv, "{\"\":1}"sv, "{\"a\\u0000\":1}"sv}) {
    CHECK_FALSE_TEXT(json_find(object, "a").has_value(), StringFrom(object).asCharString());
  }
}

TEST(JsonWalk, EndsOnUncheckedTextToo) {
  for (const std::string_view text : {"{"sv,
                                      "{\""sv,
                                      "{\"a"sv,
                                      "{\"a\""sv,
                                      "{\"a\":"sv,
                                      "{\"a\":}"sv,
                                      "{\"a\":,\"b\":1}"sv,
                                      "{,}"sv,
                                      "{\"a\":[}"sv,
                                      "{\"a\":\"}"sv,
                                      "{\"a\\"sv,
                                      "[,,]"sv,
                                      "[}"sv,
                                      "[]]"sv,
                                      "[\""sv,
                                      "[[[[["sv,
                                      "[1 2 3]"sv,
                                      "[:]"sv,
                                      "}"sv,
                                      "]]"sv,
                                      "{\"a\":1]}"sv}) {
    CHECK(members_of(text).size() < 100);
    CHECK(elements_of(text).size() < 100);
    (void)json_find(text, "a");
  }
}
