#include "gateway/notices.h"

#include <string>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(Notices) {
  NoticeWriter writer;
  SendTime send_time;

  void setup() override {
    setenv("TZ", "CST-8", 1);
    tzset();
  }
  void teardown() override {
    unsetenv("TZ");
    tzset();
  }
  std::string literal(std::int64_t ms) {
    return std::string(send_time.literal(WallTime{Duration{ms}}));
  }
  static std::string text(const Notice& notice) {
    std::string joined;
    for (const std::string_view part : notice.parts) joined += part;
    return joined;
  }
};

TEST(Notices, StampFramesAsTheSeedDoes) {
  CHECK_EQUAL(R"("2020-08-06T16:32:22.3220000+08:00")"sv, std::string_view(literal(1596702742322)));
}

TEST(Notices, StampsAreRightWhicheverWayTheClockGoes) {
  for (const std::int64_t ms : {1596702742999LL, 1596702743000LL, 1596702742000LL, 1596702742001LL,
                                0LL, -1LL, -1000LL, 1596702742010LL}) {
    std::array<char, kSendTimeSize> expected;
    const std::string_view time = format_send_time(WallTime{Duration{ms}}, expected);
    CHECK_EQUAL('"' + std::string(time) + '"', literal(ms));
  }
}

TEST(Notices, AreTheFramesOfTheContract) {
  CHECK_EQUAL(
      R"({"Sender":"1","Receiver":"2","SendTime":"T","Type":"Event","Id":"7","Message":{"a":1}})"sv,
      std::string_view(text(writer.event({"1", "2", R"("T")", "7"}, {R"({"a")", ":1}"}))));
  CHECK_EQUAL(
      R"({"Type":"Receipt","SendTime":"T","Message":{"Id":"7","Event":"Call","Receiver":"2",)"
      R"("Status":"delivered","Terminals":2}})"sv,
      writer.receipt({.id = "7",
                      .event_literal = R"("Call")",
                      .receiver = "2",
                      .status = "delivered",
                      .terminals = 2},
                     R"("T")"));
  CHECK_EQUAL(
      R"({"Type":"Receipt","SendTime":"T","Message":{"Id":"","Event":"Call","Receiver":"2",)"
      R"("Status":"refused","Reason":"why \"not\""}})"sv,
      writer.receipt({.event_literal = R"("Call")",
                      .receiver = "2",
                      .status = "refused",
                      .reason = "why \"not\""},
                     R"("T")"));
  CHECK_EQUAL(R"({"Type":"Heartbeat","SendTime":"T"})"sv,
              std::string_view(text(writer.heartbeat(R"("T")"))));
  CHECK_EQUAL(R"({"Type":"Chat","SendTime":"T","Message":["1","2"]})"sv,
              std::string_view(text(writer.online_list(R"("1","2")", R"("T")"))));
  CHECK_EQUAL(R"({"Type":"Missed","SendTime":"T","Message":[{}]})"sv,
              std::string_view(text(writer.missed("{}", R"("T")"))));
  CHECK_EQUAL(R"({"Type":"Error","Message":{"Code":"c","Reason":"r at byte 12"}})"sv,
              writer.error({"c", "r", 12}));
  CHECK_EQUAL(R"({"Type":"Error","Message":{"Code":"c","Reason":"r"}})"sv,
              writer.error({"c", "r", {}}));
}

TEST(Notices, ThePageHearsThemByTheirType) {
  CHECK_EQUAL(R"("Event")"sv, writer.event({}, {}).type_literal);
  CHECK_EQUAL(R"("Chat")"sv, writer.online_list("", "").type_literal);
  CHECK_EQUAL(R"("Missed")"sv, writer.missed("", "").type_literal);
  CHECK_EQUAL(R"("Heartbeat")"sv, writer.heartbeat("").type_literal);
}

TEST(Notices, TheLongestReceiptFits) {
  std::string event = "\"";
  for (std::size_t i = 0; i < kEventNameBytes; ++i) event += "\\u0041";
  event += '"';
  const std::string receiver(kUserIdBytes, 'x');
  const std::string_view json =
      writer.receipt({.id = "18446744073709551615",
                      .event_literal = event,
                      .receiver = receiver,
                      .status = "refused",
                      .reason = "Sender is not the user of this connection's token"},
                     R"("2020-08-06T16:32:22.3220000+08:00")");
  CHECK(json.ends_with("}}"));
}
