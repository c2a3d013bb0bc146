#include "protocol/terminal.h"

#include <string>

#include "protocol/json.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr unsigned kDepth = 6;

struct BadFrame {
  std::string_view text;
  std::string_view code;
};

constexpr BadFrame kBadFrames[] = {
    {"", "malformed"},
    {"heart check ", "malformed"},
    {"nonsense", "malformed"},
    {"{", "malformed"},
    {R"({"Type":"Event"} x)", "malformed"},
    {"{\"Type\":\"Event\",\"Receiver\":\"\xff\"}", "malformed"},
    {R"({"Type":"Event","Message":{"a":[[[[[1]]]]]}})", "malformed"},  // too deep
    {"[]", "malformed"},
    {"1", "malformed"},
    {"\"Event\"", "malformed"},
    {"null", "malformed"},
    {"{}", "no_type"},
    {R"({"Type":null})", "no_type"},
    {R"({"Type":""})", "no_type"},
    {R"({"type":"Event"})", "no_type"},
    {R"({"Type":1})", "wrong_type"},
    {R"({"Type":["Event"]})", "wrong_type"},
    {R"({"Type":"Chat"})", "unknown_type"},
    {R"({"Type":"event"})", "unknown_type"},
    {R"({"Type":"Event","Type":"Chat"})", "unknown_type"},  // the last one counts
    {R"({"Type":"Event"})", "wrong_type"},
    {R"({"Type":"Event","Receiver":null,"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"","Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":true,"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":1.5,"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":1e3,"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":["2"],"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"a\"b","Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"a\u0000b","Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Sender":{},"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","SendTime":7,"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Id":"x","Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Id":-1,"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Id":{},"Message":{"Event":"x"}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2"})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Message":null})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Message":"Call"})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Message":[]})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Message":{}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Message":{"Event":""}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Message":{"Event":1}})", "wrong_type"},
    {R"({"Type":"Event","Receiver":"2","Message":{"Event":"x","Event":null}})", "wrong_type"},
};

}  // namespace

TEST_GROUP(Terminal) {
  TerminalEvent event;
  TerminalScratch scratch;

  std::string text;  ///< the frame that the event points into

  void good(std::string_view frame) {
    text = frame;
    const auto fault = terminal_parse(text, kDepth, event, scratch);
    CHECK_EQUAL(""sv, fault ? fault->reason : ""sv);
  }
  std::string message() {
    const auto parts = terminal_message(event);
    return std::string(parts[0]).append(parts[1]);
  }
};

TEST(Terminal, TakesTheSeedsFrameApart) {
  good(R"({"Sender":"1","Receiver":"2","SendTime":"","Type":"Event",)"
       R"("Message":{"Event":"Call","Data":{"sender":"甲","type":"呼叫","receiver":"乙"}}})");
  CHECK_EQUAL("1"sv, *event.sender);
  CHECK_EQUAL("2"sv, event.receiver);
  CHECK(event.send_time_literal.empty());
  CHECK_FALSE(event.id);
  CHECK_EQUAL("Call"sv, event.event);
  CHECK_EQUAL("\"Call\""sv, event.event_literal);
  CHECK(event.has_data);
  CHECK_EQUAL(R"({"Event":"Call","Data":{"sender":"甲","type":"呼叫","receiver":"乙"}})"sv,
              event.message);
}

TEST(Terminal, TellsWhatIsWrongWithAFrame) {
  for (const BadFrame& row : kBadFrames) {
    const auto fault = terminal_parse(row.text, kDepth, event, scratch);
    CHECK_TEXT(fault, std::string(row.text).c_str());
    CHECK_EQUAL(row.code, fault->code);
    CHECK(!fault->reason.empty());
  }
}

TEST(Terminal, TellsWhereTheJsonBreaks) {
  const auto fault = terminal_parse(R"({"Type":"Event",})", kDepth, event, scratch);
  LONGS_EQUAL(16, *fault->offset);
}

TEST(Terminal, LeavesToTheGatewayWhatIsEmpty) {
  for (const std::string_view sender : {"", R"("Sender":"",)", R"("Sender":null,)"}) {
    good("{" + std::string(sender) +
         R"("Receiver":"2","SendTime":null,"Id":"","Type":"Event","Message":{"Event":"x"}})");
    CHECK_FALSE(event.sender);
    CHECK(event.send_time_literal.empty());
    CHECK_FALSE(event.id);
  }
}

TEST(Terminal, KeepsATimeThatIsThere) {
  good(R"({"Receiver":"2","SendTime":"gestern \u0041","Type":"Event","Message":{"Event":"x"}})");
  CHECK_EQUAL(R"("gestern \u0041")"sv, event.send_time_literal);
}

TEST(Terminal, TakesNumbersForIds) {
  good(R"({"Sender":1,"Receiver":12345678901234567890,"Type":"Event","Message":{"Event":"x"}})");
  CHECK_EQUAL("1"sv, *event.sender);
  CHECK_EQUAL("12345678901234567890"sv, event.receiver);
}

TEST(Terminal, ReadsTheIdOfACall) {
  good(R"({"Receiver":"2","Id":"18446744073709551615","Type":"Event","Message":{"Event":"x"}})");
  CHECK(event.id == 18446744073709551615U);
  good(R"({"Receiver":"2","Id":7,"Type":"Event","Message":{"Event":"x"}})");
  CHECK(event.id == 7U);
}

TEST(Terminal, UnderstandsEscapesInKeysAndValues) {
  good(
      R"({"\u0054ype":"\u0045vent","R\u0065ceiver":"\u4e59","Message":{"\u0045vent":"C\u0061ll"}})");
  CHECK_EQUAL("乙"sv, event.receiver);
  CHECK_EQUAL("Call"sv, event.event);
  CHECK_EQUAL(R"("C\u0061ll")"sv, event.event_literal);
}

TEST(Terminal, OfTwoMembersTheLastOneCounts) {
  good(R"({"Receiver":"1","Receiver":"2","Type":"x","Type":"Event",)"
       R"("Message":1,"Message":{"Event":"a","Event":"b"}})");
  CHECK_EQUAL("2"sv, event.receiver);
  CHECK_EQUAL("b"sv, event.event);
}

TEST(Terminal, IdsAndEventsHaveABound) {
  const std::string longest(kUserIdBytes, 'x');
  const auto frame = [](std::string_view receiver, std::string_view event_name) {
    return std::string(R"({"Type":"Event","Receiver":")").append(receiver) +
           R"(","Message":{"Event":")" + std::string(event_name) + R"("}})";
  };
  good(frame(longest, longest));
  CHECK(terminal_parse(frame(longest + "x", "x"), kDepth, event, scratch).has_value());
  CHECK(terminal_parse(frame("x", longest + "x"), kDepth, event, scratch).has_value());
}

TEST(Terminal, AMessageIsPassedOnByteForByte) {
  constexpr std::string_view kMessage =
      "{ \"n\" : 12345678901234567890,\t\"Event\":\"x\" ,\"Data\":1.0e+2, \"u\":\"\\u0041\" }";
  good(std::string(R"( {"Receiver":"2","Type":"Event","Message":)").append(kMessage) + " } ");
  CHECK_EQUAL(kMessage, std::string_view(message()));
}

TEST(Terminal, AMessageWithoutDataGetsSome) {
  // The seed's pages read Message.Data.type of every event.
  for (const std::string_view bare : {R"({"Event":"x"})", R"({"Event":"x","Data":null})",
                                      R"({ "Event":"x" })", R"({"Data":null,"Event":"x"})"}) {
    good(std::string(R"({"Receiver":"2","Type":"Event","Message":)").append(bare) + "}");
    CHECK_FALSE(event.has_data);
    const std::string whole = message();
    CHECK_FALSE(json_check(whole, kDepth).has_value());
    CHECK_EQUAL("{}"sv, *json_find(whole, "Data"));
    CHECK_EQUAL("\"x\""sv, *json_find(whole, "Event"));
  }
}

TEST(Terminal, EmptyOrFalseDataIsData) {
  for (const std::string_view data : {R"("")", "0", "false", "{}", "[]"}) {
    good(std::string(R"({"Receiver":"2","Type":"Event","Message":{"Event":"x","Data":)")
             .append(data) +
         "}}");
    CHECK(event.has_data);
  }
}
