#include "adapter/socketio_adapter.h"

#include <string>
#include <vector>

#include "support/adapter_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view kNoId = "room id is missing or neither a string nor a number";
constexpr std::string_view kLong = "room id is longer than 64 bytes";
constexpr std::string_view kType = "type is not loginWhenFirst, loginWhenLast or loginWhenever";

std::string body(std::string_view code, std::string_view message) {
  return R"({"code":")" + std::string(code) + R"(","msg":")" + std::string(message) + "\"}";
}

}  // namespace

TEST_GROUP(SocketIoAdapter) {
  AdapterRig rig;
  RecordingEffects& effects = rig.effects;
  Gateway gateway{{.rooms = {.rooms = 4, .memberships = 8, .sessions = 4}}, effects};
  SocketIoAdapter adapter{gateway, rig.switchboard, rig.bearers, rig.sessions, rig.clock, 16};
  static constexpr Socket kPage = {{2, 1}, 0};
  static constexpr Socket kOther = {{3, 1}, 0};

  void setup() override {
    adapter.on_connected(kPage, "", Instant{});
    adapter.on_connected(kOther, "", Instant{});
    effects.take();
  }
  std::string emit(std::string_view name, std::string_view arguments,
                   std::optional<std::uint64_t> ack = std::nullopt) {
    adapter.on_event(kPage, {.name_literal = name, .arguments = arguments, .ack_id = ack},
                     Instant{});
    return effects.take();
  }
  /// `id type` of the room the arguments led into, or the reason why not.
  std::string login(std::string_view arguments) {
    const std::string said = emit(R"("loginRoom")", arguments, 1);
    std::string result = said.substr(said.find("\"msg\":\"") + 7);
    result = result.substr(0, result.find("\"}\n"));
    Rooms& rooms = gateway.rooms();
    for (std::uint32_t slot = 0; slot < rooms.capacity(); ++slot) {
      if (rooms.view(slot).name.empty()) continue;
      result = std::string(rooms.view(slot).name);
      rooms.for_each_member(slot, [&](const Member& member) {
        result.append(" ").append(entry_rule_name(member.rule));
        CHECK(member.since == rig.clock.wall_now());
      });
    }
    rooms.leave_all(kPage.session);
    return result;
  }
  struct Row {
    std::string arguments;
    std::string result;
  };
  void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      CHECK_EQUAL_TEXT(row.result, login(row.arguments), row.arguments.c_str());
    }
  }
};

TEST(SocketIoAdapter, EveryPageMayComeAndIsGreeted) {
  CHECK(!adapter.on_connecting({{1, 1}, 0}, R"({"x":"token"})", Instant{}));
  adapter.on_connected({{1, 1}, 0}, R"({"x":"token"})", Instant{});
  CHECK_EQUAL(R"(send 1 "downmsg" )" + body("2001", "connect success"), effects.take());
  LONGS_EQUAL(3, gateway.connected_count());
}

TEST(SocketIoAdapter, WhoGoesLeaves) {
  emit(R"("loginRoom")", R"("456")");
  adapter.on_disconnected(kPage, false);
  LONGS_EQUAL(1, gateway.connected_count());
  LONGS_EQUAL(0, gateway.rooms().room_gauge().in_use);
}

// --- loginRoom -----------------------------------------------------------------------------------

TEST(SocketIoAdapter, TakesEveryFormOfTheContract) {
  check({{R"({"id":"456","type":"loginWhenLast"})", "456 loginWhenLast"},
         {R"({"id":"456"})", "456 loginWhenFirst"},
         {R"({"type":"loginWhenever","id":"456"})", "456 loginWhenever"},
         {R"("456","loginWhenever")", "456 loginWhenever"},
         {R"("456")", "456 loginWhenFirst"},
         {R"(456)", "456 loginWhenFirst"},
         {R"(456,"loginWhenLast")", "456 loginWhenLast"},
         {R"({"id":456})", "456 loginWhenFirst"}});
}

TEST(SocketIoAdapter, ToleratesWhatMeansTheSame) {
  check({{R"( { "id" : "456" , "type" : "loginWhenLast" } )", "456 loginWhenLast"},
         {R"( "456" , "loginWhenLast" )", "456 loginWhenLast"},
         {R"({"id":"456","type":null})", "456 loginWhenFirst"},
         {R"("456",null)", "456 loginWhenFirst"},
         {R"("456","loginWhenLast",{"more":1})", "456 loginWhenLast"},
         {R"({"id":"456","x":[{"id":"7"}]},"loginWhenLast")", "456 loginWhenFirst"},
         {R"({"\u0069d":"4\u00356","type":"login\u0057henLast"})", "456 loginWhenLast"},
         {R"({"id":"1","id":"2"})", "2 loginWhenFirst"},
         {R"("a,b]}","loginWhenLast")", "a,b]} loginWhenLast"},
         {R"("\"\\")", "\"\\ loginWhenFirst"},
         {"\"\xe5\x91\xbc\"", "呼 loginWhenFirst"}});
}

TEST(SocketIoAdapter, NumbersAreTakenByTheirDigits) {
  check({{"0", "0 loginWhenFirst"},
         {"-7", "-7 loginWhenFirst"},
         {"1.0", "1.0 loginWhenFirst"},
         {"1e3", "1e3 loginWhenFirst"},
         {"9007199254740993123", "9007199254740993123 loginWhenFirst"},
         {std::string(64, '9'), std::string(64, '9') + " loginWhenFirst"},
         {std::string(65, '9'), std::string(kLong)}});
}

TEST(SocketIoAdapter, WhatIsNoIdIsRefused) {
  const std::string no_id(kNoId);
  check({{"", no_id},
         {"null", no_id},
         {"true", no_id},
         {"[]", no_id},
         {R"(["456"])", no_id},
         {"{}", no_id},
         {R"({"ID":"456"})", no_id},
         {R"({"id":null})", no_id},
         {R"({"id":{"id":"456"}})", no_id},
         {R"({"id":["456"]})", no_id},
         {R"({"_placeholder":true,"num":0})", no_id},
         {R"(null,"loginWhenLast")", no_id},
         {R"("")", "room id is empty"},
         {R"({"id":""})", "room id is empty"},
         {R"("a\nb")", "room id has a control character"},
         {R"("\u0000")", "room id has a control character"},
         {"\"" + std::string(65, 'x') + "\"", std::string(kLong)},
         {"\"" + std::string(60000, 'x') + "\"", std::string(kLong)},
         {"\"\\u0041" + std::string(60000, 'x') + "\"", std::string(kLong)}});
}

TEST(SocketIoAdapter, TheBytesOfAnIdCountAfterItsEscapes) {
  std::string escaped = "\"";
  for (int i = 0; i < 64; ++i) escaped += "\\u0041";
  check({{escaped + "\"", std::string(64, 'A') + " loginWhenFirst"},
         {escaped + "B\"", std::string(kLong)}});
}

TEST(SocketIoAdapter, WhatIsNoTypeIsRefused) {
  const std::string type(kType);
  check({{R"("456","")", type},
         {R"("456","loginwhenfirst")", type},
         {R"("456",1)", type},
         {R"("456",{})", type},
         {R"("456",["loginWhenLast"])", type},
         {R"({"id":"456","type":"?"})", type},
         {R"({"id":"456","type":true})", type},
         {R"({"id":"456","type":"\u0000"})", type},
         {R"({"id":"456","type":")" + std::string(60000, 'x') + "\"}", type},
         {R"({"id":"456","type":"\u0041)" + std::string(60000, 'x') + "\"}", type}});
}

TEST(SocketIoAdapter, ArgumentsAreReadNoFurtherThanTheyAreSound) {
  // Only checked packets come this far; a fault in between must still do no harm.
  check({{R"("456" "loginWhenLast")", "456 loginWhenLast"},
         {R"("456",nonsense)", "456 loginWhenFirst"},
         {"nonsense", std::string(kNoId)},
         {"{", std::string(kNoId)},
         {",", std::string(kNoId)}});
}

TEST(SocketIoAdapter, TheAnswerGoesToWhoAskedAndToItsCallback) {
  const std::string welcome = body("2002", "login room (id:456) success");
  CHECK_EQUAL("send 2 \"downmsg\" " + welcome, emit(R"("loginRoom")", R"("456")"));
  CHECK_EQUAL("send 2 \"downmsg\" " + welcome + "\nack 2#0 " + welcome,
              emit(R"("loginRoom")", R"("456")", 0));
}

// --- logoutRoom ----------------------------------------------------------------------------------

TEST(SocketIoAdapter, LeavesByTheSameForms) {
  for (const std::string_view arguments :
       {R"({"id":"456"})", R"("456")", "456", R"({"id":456,"type":"nonsense"})"}) {
    emit(R"("loginRoom")", R"("456")");
    CHECK_EQUAL("ack 2#9 " + body("2002", "logout room (id:456) success"),
                emit(R"("logoutRoom")", arguments, 9));
    LONGS_EQUAL(0, gateway.rooms().room_gauge().in_use);
  }
  CHECK_EQUAL("ack 2#9 " + body("2003", kNoId), emit(R"("logoutRoom")", "", 9));
  CHECK_EQUAL(""sv, std::string_view(emit(R"("logoutRoom")", "[]")));
}

// --- Other events --------------------------------------------------------------------------------

TEST(SocketIoAdapter, OtherEventsDoNothing) {
  for (const std::string_view name :
       {R"("test")", R"("loginroom")", R"("loginRoom ")", R"("")", "7", R"("downmsg")"}) {
    CHECK_EQUAL(""sv, std::string_view(emit(name, R"("456")", 1)));
  }
  LONGS_EQUAL(0, gateway.rooms().room_gauge().in_use);
}
