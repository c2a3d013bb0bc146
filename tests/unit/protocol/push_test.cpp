#include "protocol/push.h"

#include <array>
#include <string>
#include <vector>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

std::string envelope(std::string_view fields) {
  return "{\"ROOT\":{\"BODY\":{" + std::string(fields) + "}}}";
}

std::string modern(std::string_view fields) {
  return "{" + std::string(fields) + "}";
}

/// The push as `room|event|literal|data|key`, or `400 reason @offset`, or `refused reason`.
std::string line_of(const PushParse& parse) {
  switch (parse.fault) {
    case PushFault::malformed:
      return "400 " + std::string(parse.reason) + " @" + std::to_string(parse.offset);
    case PushFault::unacceptable:
      return "refused " + std::string(parse.reason);
    case PushFault::none:
      break;
  }
  std::string line(parse.push.room.value_or("*"));
  line.append("|").append(parse.push.event).append("|").append(parse.push.event_literal);
  return line.append("|").append(parse.push.data).append("|").append(parse.push.idempotency_key);
}

struct Row {
  std::string text;
  std::string line;
};

const std::string k64(64, 'r');
const std::string k65(65, 'r');
const std::string k256(256, 'e');
const std::string k257(257, 'e');

}  // namespace

TEST_GROUP(Push) {
  PushScratch scratch{};

  void check_envelopes(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      CHECK_EQUAL_TEXT(std::string_view(row.line),
                       std::string_view(line_of(push_parse_envelope(row.text, 16, scratch))),
                       StringFrom(row.text).asCharString());
    }
  }
  void check_fields(const std::vector<Row>& rows) {
    for (const Row& row : rows) check_envelopes({{envelope(row.text), row.line}});
  }
  void check_modern(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      const std::string object = modern(row.text);
      CHECK_EQUAL_TEXT(std::string_view(row.line),
                       std::string_view(line_of(push_parse_modern(object, scratch))),
                       StringFrom(object).asCharString());
    }
  }
};

TEST(Push, ReadsTheSeedsMessage) {
  check_envelopes(
      {{R"({"ROOT":{"BODY":{"roomId":"456","eventName":"test","data":{}}}})",
        R"(456|test|"test"|{}|)"},
       {"\n{ \"ROOT\" : { \"BODY\" : { \"eventName\" : \"test\" } } }\n", R"(*|test|"test"||)"},
       {R"({"x":1,"ROOT":{"HEADER":{},"BODY":{"eventName":"a","y":[]}}})", R"(*|a|"a"||)"}});
}

TEST(Push, NoRoomMeansEveryone) {
  check_fields({{R"("eventName":"e")", R"(*|e|"e"||)"},
                {R"("roomId":null,"eventName":"e")", R"(*|e|"e"||)"},
                {R"("roomId":"","eventName":"e")", R"(*|e|"e"||)"}});
}

TEST(Push, DataStaysAsPosted) {
  check_fields({{R"("eventName":"e","data": 9007199254740993 )", R"(*|e|"e"|9007199254740993|)"},
                {R"("eventName":"e","data":1.0)", R"(*|e|"e"|1.0|)"},
                {R"("eventName":"e","data":{"b" : 1,"a":"\u00e9\/" } )",
                 R"(*|e|"e"|{"b" : 1,"a":"\u00e9\/" }|)"},
                {R"("eventName":"e","data":null)", R"(*|e|"e"|null|)"},
                {R"("data":"呼叫","eventName":"e")", R"(*|e|"e"|"呼叫"|)"},
                {R"("eventName":"e","data":[ ])", R"(*|e|"e"|[ ]|)"}});
}

TEST(Push, EscapesOfNamesAreDecoded) {
  check_fields(
      {{R"("roomId":"\u0034\u00e9","eventName":"\u547c\"x\"")", R"(4é|呼"x"|"\u547c\"x\""||)"},
       {R"("\u0072oomId":"4","event\u004eame":"e")", R"(4|e|"e"||)"}});
}

TEST(Push, OfRepeatedKeysTheLastCounts) {
  check_fields({{R"("roomId":"1","eventName":"a","roomId":"2","eventName":"b","data":1,"data":2)",
                 R"(2|b|"b"|2|)"},
                {R"("roomId":"1","eventName":"a","roomId":null)", R"(*|a|"a"||)"}});
  check_envelopes({{R"({"ROOT":{"BODY":{}},"ROOT":{"BODY":{"eventName":"z"}}})", R"(*|z|"z"||)"}});
}

TEST(Push, WhatIsNoEnvelopeIsMalformed) {
  check_envelopes({{"", "400 unexpected end of the text @0"},
                   {"x", "400 expected a value @0"},
                   {R"({"ROOT":)", "400 unexpected end of the text @8"},
                   {R"({"ROOT":{"BODY":{"data":01}}})", "400 expected ',' or '}' @25"},
                   {"[]", "400 the message must be an object @0"},
                   {" \"a\"", "400 the message must be an object @1"},
                   {"{}", "400 ROOT is missing @0"},
                   {R"({"root":{}})", "400 ROOT is missing @0"},
                   {R"({"ROOT":null})", "400 ROOT must be an object @8"},
                   {R"({"ROOT":[]})", "400 ROOT must be an object @8"},
                   {R"({"ROOT":{}})", "400 ROOT.BODY is missing @8"},
                   {R"({"ROOT":{"BODY":"a"}})", "400 ROOT.BODY must be an object @16"},
                   {R"({"BODY":{"eventName":"a"}})", "400 ROOT is missing @0"},
                   {envelope("\"eventName\":\"\xff\""), "400 invalid UTF-8 @30"}});
}

TEST(Push, NestingIsTheCallersChoice) {
  const std::string body = envelope(R"("eventName":"e","data":[[]])");
  CHECK(push_parse_envelope(body, 5, scratch).fault == PushFault::none);
  CHECK_EQUAL("400 nested too deeply @41"sv,
              std::string_view(line_of(push_parse_envelope(body, 4, scratch))));
}

TEST(Push, SaysWhyAnEventIsUnacceptable) {
  check_fields(
      {{"", "refused eventName is missing"},
       {R"("event":"e")", "refused eventName is missing"},
       {R"("eventName":null)", "refused eventName must be a string"},
       {R"("eventName":1)", "refused eventName must be a string"},
       {R"("eventName":["a"])", "refused eventName must be a string"},
       {R"("eventName":"")", "refused eventName is empty"},
       {R"("eventName":"connect")", "refused eventName is reserved by Socket.IO clients"},
       {R"("eventName":"disc\u006fnnect")", "refused eventName is reserved by Socket.IO clients"},
       {R"("eventName":"ping")", "refused eventName is reserved by Socket.IO clients"},
       {"\"eventName\":\"" + k257 + "\"", "refused eventName is longer than 256 bytes"},
       {"\"eventName\":\"\\u0065" + k256 + "\"", "refused eventName is longer than 256 bytes"}});
}

TEST(Push, SaysWhyARoomIsUnacceptable) {
  check_fields(
      {{R"("eventName":"e","roomId":456)", "refused roomId must be a string"},
       {R"("eventName":"e","roomId":true)", "refused roomId must be a string"},
       {R"("eventName":"e","roomId":["a"])", "refused roomId must be a string"},
       {R"("eventName":"e","roomId":{})", "refused roomId must be a string"},
       {R"("eventName":"e","roomId":"a\nb")", "refused roomId contains control characters"},
       {R"("eventName":"e","roomId":"\u0000")", "refused roomId contains control characters"},
       {"\"eventName\":\"e\",\"roomId\":\"\x7f\"", "refused roomId contains control characters"},
       {"\"eventName\":\"e\",\"roomId\":\"" + k65 + "\"", "refused roomId is longer than 64 bytes"},
       {"\"eventName\":\"e\",\"roomId\":\"\\u0072" + k64 + "\"",
        "refused roomId is longer than 64 bytes"}});
}

TEST(Push, TakesTheLongestNames) {
  check_fields(
      {{"\"eventName\":\"" + k256 + "\",\"roomId\":\"" + k64 + "\"",
        k64 + "|" + k256 + "|\"" + k256 + "\"||"},
       {"\"eventName\":\"e\",\"roomId\":\"\\u0072" + k64.substr(1) + "\"", k64 + "|e|\"e\"||"}});
}

TEST(Push, ReadsTheModernForm) {
  check_modern({{R"("event":"e")", R"(*|e|"e"||)"},
                {R"("room":"4","event":"e","data":{"a":1.0},"idempotencyKey":"k-1")",
                 R"(4|e|"e"|{"a":1.0}|k-1)"},
                {R"("room":"","event":"e","idempotencyKey":null)", R"(*|e|"e"||)"},
                {R"("event":"e","idempotencyKey":"\u006b")", R"(*|e|"e"||k)"}});
}

TEST(Push, SaysWhyTheModernFormIsUnacceptable) {
  check_modern(
      {{R"("eventName":"e")", "refused event is missing"},
       {R"("event":1)", "refused event must be a string"},
       {R"("event":"")", "refused event is empty"},
       {R"("event":"reconnect")", "refused event is reserved by Socket.IO clients"},
       {"\"event\":\"" + k257 + "\"", "refused event is longer than 256 bytes"},
       {R"("event":"e","room":1)", "refused room must be a string"},
       {R"("event":"e","room":"\u007f")", "refused room contains control characters"},
       {"\"event\":\"e\",\"room\":\"" + k65 + "\"", "refused room is longer than 64 bytes"},
       {R"("event":"e","idempotencyKey":7)", "refused idempotencyKey must be a string"},
       {"\"event\":\"e\",\"idempotencyKey\":\"" + k65 + "\"",
        "refused idempotencyKey is longer than 64 bytes"}});
}

TEST(Push, TheModernFormIsAnObject) {
  CHECK_EQUAL("400 a push must be an object @0"sv,
              std::string_view(line_of(push_parse_modern("[]", scratch))));
}

TEST(Push, TheEnvelopeHasNoIdempotencyKey) {
  check_fields({{R"("eventName":"e","idempotencyKey":7)", R"(*|e|"e"||)"}});
}

TEST(Push, WritesTheAnswer) {
  std::array<char, 256> out{};
  JsonWriter full(out);
  push_write_envelope({"0000", "ok", 3, "a1"}, full);
  CHECK_EQUAL(
      R"({"ROOT":{"BODY":{"RETURN_CODE":"0000","RETURN_MSG":"ok","DELIVERED":3,"ID":"a1"}}})"sv,
      full.text());
  JsonWriter nobody(out);
  push_write_envelope({"0000", "eventName is missing", 0, ""}, nobody);
  CHECK_EQUAL(
      R"({"ROOT":{"BODY":{"RETURN_CODE":"0000","RETURN_MSG":"eventName is missing","DELIVERED":0}}})"sv,
      nobody.text());
  JsonWriter refused(out);
  push_write_envelope({"0400", "expected ',' or '}' \"", std::nullopt, ""}, refused);
  CHECK_EQUAL(R"({"ROOT":{"BODY":{"RETURN_CODE":"0400","RETURN_MSG":"expected ',' or '}' \""}}})"sv,
              refused.text());
}

TEST(Push, AnAnswerThatDoesNotFitTurnsTheWriterBad) {
  std::array<char, 20> out{};
  JsonWriter json(out);
  push_write_envelope({"0000", "ok", 0, ""}, json);
  CHECK_FALSE(json.ok());
}
