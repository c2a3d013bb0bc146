#include "gateway/gateway.h"

#include <string>

#include "support/recording_effects.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr WallTime kNow{Duration{1700000000000}};

/// The body of a downmsg.
std::string body(std::string_view code, std::string_view message) {
  return R"({"code":")" + std::string(code) + R"(","msg":")" + std::string(message) + "\"}";
}
std::string downmsg(std::string_view to, std::string_view code, std::string_view message) {
  return "send " + std::string(to) + R"( "downmsg" )" + body(code, message);
}

}  // namespace

TEST_GROUP(Gateway) {
  RecordingEffects effects;
  Gateway gateway{{.rooms = {.rooms = 2, .memberships = 5, .sessions = 6}, .first_push_id = 100},
                  effects};

  static SessionId session(std::uint32_t index, std::uint32_t generation = 1) {
    return {index, generation};
  }
  void connect(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) gateway.connected(session(i));
    effects.take();
  }
  std::string login(std::uint32_t index, std::optional<std::string_view> id,
                    std::string_view rule = "loginWhenever",
                    std::optional<std::uint64_t> ack = std::nullopt) {
    gateway.login_room({session(index), ack}, {id, rule}, kNow);
    return effects.take();
  }
  std::string logout(std::uint32_t index, std::optional<std::string_view> id,
                     std::optional<std::uint64_t> ack = std::nullopt) {
    gateway.logout_room({session(index), ack}, id);
    return effects.take();
  }
  /// `delivered id` and, after a new line, what was sent.
  std::string push(std::optional<std::string_view> room, std::string_view data = "{}") {
    const PushResult result = gateway.push({room, {R"("test")", data}});
    return std::to_string(result.delivered) + " " + std::to_string(result.id) +
           (result.overloaded ? " overloaded\n" : "\n") + effects.take();
  }
};

// --- The administrator ---------------------------------------------------------------------------

TEST(Gateway, WhoIsKickedHearsOfItAndIsOut) {
  connect(3);
  for (std::uint32_t i = 0; i < 3; ++i) login(i, "456");
  login(1, "other");
  CHECK(gateway.kick("456", session(1)));
  CHECK_EQUAL(downmsg("1", "2005", "you have kicked out room (id456)"), effects.take());
  CHECK_EQUAL("2 100\nsend 0,2 \"test\" {}"sv, push("456"));
  CHECK_EQUAL("1 101\nsend 1 \"test\" {}"sv, push("other"));
  LONGS_EQUAL(1, gateway.counters().evicted);
}

TEST(Gateway, OnlyAMemberIsKicked) {
  connect(2);
  login(0, "456");
  CHECK_FALSE(gateway.kick("456", session(1)));
  CHECK_FALSE(gateway.kick("nothing", session(0)));
  CHECK_EQUAL(""sv, effects.take());
  CHECK_EQUAL("1 100\nsend 0 \"test\" {}"sv, push("456"));
  LONGS_EQUAL(0, gateway.counters().evicted);
}

TEST(Gateway, TheLastOneKickedLeavesAFreeRoom) {
  connect(2);
  login(0, "456", "loginWhenFirst");
  CHECK(gateway.kick("456", session(0)));
  effects.take();
  CHECK_EQUAL(downmsg("1", "2002", "login room (id:456) success"),
              login(1, "456", "loginWhenFirst"));
}

TEST(Gateway, WhoCannotBeToldOfAKickIsClosed) {
  connect(1);
  login(0, "456");
  effects.no_memory = true;
  CHECK(gateway.kick("456", session(0)));
  CHECK_EQUAL(
      "no memory 0 \"downmsg\" " + body("2005", "you have kicked out room (id456)") + "\nclose 0",
      effects.take());
}

// --- Coming and going ----------------------------------------------------------------------------

TEST(Gateway, WhoConnectsIsGreeted) {
  gateway.connected(session(3));
  CHECK_EQUAL(R"(send 3 "downmsg" {"code":"2001","msg":"connect success"})"sv, effects.take());
  LONGS_EQUAL(1, gateway.connected_count());
}

TEST(Gateway, WhoDisconnectsLeavesItsRoomsAtOnceAndNobodyHearsOfIt) {
  connect(2);
  login(0, "a", "loginWhenFirst");
  login(0, "b", "loginWhenFirst");
  gateway.disconnected(session(0));
  CHECK_EQUAL(""sv, effects.take());
  LONGS_EQUAL(1, gateway.connected_count());
  CHECK_EQUAL(downmsg("1", "2002", "login room (id:a) success"), login(1, "a", "loginWhenFirst"));
  CHECK_EQUAL("0 100\n"sv, push("b"));
}

TEST(Gateway, ADisconnectedSessionMayBeReportedTwice) {
  connect(2);
  gateway.disconnected(session(0));
  gateway.disconnected(session(0));
  LONGS_EQUAL(1, gateway.connected_count());
}

TEST(Gateway, TheNextOwnerOfASlotInheritsNothing) {
  connect(1);
  login(0, "a");
  gateway.disconnected(session(0));
  gateway.connected(session(0, 2));
  CHECK_EQUAL(downmsg("0.2", "2001", "connect success"), effects.take());
  CHECK_EQUAL("0 100\n"sv, push("a"));
  CHECK_EQUAL("1 101\nsend 0.2 \"test\" {}"sv, push(std::nullopt));
}

TEST(Gateway, EveryoneIsWhoeverIsConnectedWhateverTheOrderOfLeaving) {
  connect(4);
  gateway.disconnected(session(1));
  CHECK_EQUAL("3 100\nsend 0,3,2 \"test\" {}"sv, push(std::nullopt));
  gateway.disconnected(session(2));
  gateway.disconnected(session(0));
  CHECK_EQUAL("1 101\nsend 3 \"test\" {}"sv, push(std::nullopt));
  gateway.disconnected(session(3));
  CHECK_EQUAL("0 102\n"sv, push(std::nullopt));
}

// --- loginRoom -----------------------------------------------------------------------------------

TEST(Gateway, AnEntryIsToldWithTheRoomsId) {
  connect(1);
  CHECK_EQUAL(R"(send 0 "downmsg" {"code":"2002","msg":"login room (id:456) success"})"sv,
              login(0, "456"));
  CHECK_EQUAL(R"(send 0 "downmsg" {"code":"2002","msg":"login room (id:456) success"})"sv,
              login(0, "456"));
  LONGS_EQUAL(2, gateway.counters().entered);
}

TEST(Gateway, TheAckGetsTheSameObjectAfterTheDownmsg) {
  connect(2);
  CHECK_EQUAL(downmsg("0", "2002", "login room (id:456) success") + "\nack 0#0 " +
                  body("2002", "login room (id:456) success"),
              login(0, "456", "loginWhenFirst", 0));
  CHECK_EQUAL(downmsg("1", "2004", "your room id(456) already exist") + "\nack 1#7 " +
                  body("2004", "your room id(456) already exist"),
              login(1, "456", "loginWhenFirst", 7));
  CHECK_EQUAL(
      downmsg("1", "2003", "room id is empty") + "\nack 1#8 " + body("2003", "room id is empty"),
      login(1, "", "loginWhenFirst", 8));
}

TEST(Gateway, AnOccupiedRoomRefusesFirstAndNothingChanges) {
  connect(3);
  login(0, "456");
  login(1, "456");
  CHECK_EQUAL(R"(send 2 "downmsg" {"code":"2004","msg":"your room id(456) already exist"})"sv,
              login(2, "456", "loginWhenFirst"));
  CHECK_EQUAL("2 100\nsend 0,1 \"test\" {}"sv, push("456"));
  LONGS_EQUAL(1, gateway.counters().refused_entries);
}

TEST(Gateway, ThreeMembersAreAllToldThatTheLastOneCame) {
  connect(4);
  for (std::uint32_t i = 0; i < 3; ++i) login(i, "456");
  CHECK_EQUAL(downmsg("0,1,2", "2005", "you have kicked out room (id456)") + "\n" +
                  downmsg("3", "2002", "login room (id:456) success"),
              login(3, "456", "loginWhenLast"));
  CHECK_EQUAL("1 100\nsend 3 \"test\" {}"sv, push("456"));
  CHECK_EQUAL("4 101\nsend 0,1,2,3 \"test\" {}"sv, push(std::nullopt));
  LONGS_EQUAL(3, gateway.counters().evicted);
  LONGS_EQUAL(4, gateway.counters().entered);
}

TEST(Gateway, OnlyTheNewcomerOfAnEvictionIsAcknowledged) {
  connect(2);
  login(0, "456", "loginWhenever", 5);
  CHECK_EQUAL(downmsg("0", "2005", "you have kicked out room (id456)") + "\n" +
                  downmsg("1", "2002", "login room (id:456) success") + "\nack 1#6 " +
                  body("2002", "login room (id:456) success"),
              login(1, "456", "loginWhenLast", 6));
}

TEST(Gateway, WhatIsNoRoomIdIsRefusedWithItsReason) {
  connect(1);
  const std::string longest(kIdBytes, 'x');
  CHECK_EQUAL(downmsg("0", "2003", "room id is missing or neither a string nor a number"),
              login(0, std::nullopt));
  CHECK_EQUAL(downmsg("0", "2003", "room id is empty"), login(0, ""));
  CHECK_EQUAL(downmsg("0", "2003", "room id is longer than 64 bytes"), login(0, longest + "x"));
  for (const std::string_view id : {"a\nb"sv, "\x7f"sv, "\0"sv}) {
    CHECK_EQUAL(downmsg("0", "2003", "room id has a control character"), login(0, id));
  }
  for (const std::string_view id : {"."sv, ".."sv}) {
    CHECK_EQUAL(downmsg("0", "2003", "room id is . or .., which no address can name"),
                login(0, id));
  }
  LONGS_EQUAL(8, gateway.counters().refused_entries);
  CHECK_EQUAL(downmsg("0", "2002", "login room (id:...) success"), login(0, "..."));
  CHECK_EQUAL(downmsg("0", "2002", "login room (id:" + longest + ") success"), login(0, longest));
}

TEST(Gateway, AnUnknownTypeIsRefused) {
  connect(1);
  for (const std::string_view rule : {"", "?", "loginwhenfirst", "loginWhenFirst "}) {
    CHECK_EQUAL(downmsg("0", "2003", "type is not loginWhenFirst, loginWhenLast or loginWhenever"),
                login(0, "456", rule));
  }
  CHECK_EQUAL("0 100\n"sv, push("456"));
}

TEST(Gateway, IdsAreEscapedInAnswersAndTheLongestOnesFit) {
  connect(2);
  const std::string quotes(kIdBytes, '"');
  std::string escaped;
  for (std::size_t i = 0; i < kIdBytes; ++i) escaped += "\\\"";
  CHECK_EQUAL(downmsg("0", "2002", "login room (id:" + escaped + ") success"), login(0, quotes));
  CHECK_EQUAL(downmsg("1", "2004", "your room id(" + escaped + ") already exist"),
              login(1, quotes, "loginWhenFirst"));
  CHECK_EQUAL(downmsg("0", "2005", "you have kicked out room (id" + escaped + ")") + "\n" +
                  downmsg("1", "2002", "login room (id:" + escaped + ") success"),
              login(1, quotes, "loginWhenLast"));
  CHECK_EQUAL(downmsg("0", "2002", "login room (id:呼叫) success"), login(0, "呼叫"));
}

TEST(Gateway, FullTablesRefuseTheNewcomer) {
  connect(6);
  login(0, "a");
  login(0, "b");
  CHECK_EQUAL(downmsg("0", "2003", "the room table is full"), login(0, "c"));
  login(1, "a");
  login(2, "a");
  login(3, "a");
  CHECK_EQUAL(downmsg("4", "2003", "the table of room members is full"), login(4, "a"));
  CHECK_EQUAL("4 100\nsend 0,1,2,3 \"test\" {}"sv, push("a"));
  LONGS_EQUAL(2, gateway.counters().refused_entries);
}

// --- logoutRoom ----------------------------------------------------------------------------------

TEST(Gateway, LeavingIsToldToWhoeverAsked) {
  connect(2);
  login(0, "456");
  login(1, "456");
  CHECK_EQUAL("ack 0#3 " + body("2002", "logout room (id:456) success"), logout(0, "456", 3));
  CHECK_EQUAL("1 100\nsend 1 \"test\" {}"sv, push("456"));
  CHECK_EQUAL("ack 0#4 " + body("2003", "you are not in room (id:456)"), logout(0, "456", 4));
  CHECK_EQUAL(""sv, logout(1, "456"));
  CHECK_EQUAL("0 101\n"sv, push("456"));
}

TEST(Gateway, LeavingWhatIsNoRoomIsToldToo) {
  connect(1);
  CHECK_EQUAL("ack 0#1 " + body("2003", "room id is missing or neither a string nor a number"),
              logout(0, std::nullopt, 1));
  CHECK_EQUAL("ack 0#2 " + body("2003", "room id is longer than 64 bytes"),
              logout(0, std::string(kIdBytes + 1, 'x'), 2));
  CHECK_EQUAL(""sv, logout(0, std::nullopt));
}

// --- Pushes --------------------------------------------------------------------------------------

TEST(Gateway, APushReachesItsRoomOnlyByteForByte) {
  connect(3);
  login(0, "456");
  login(2, "456");
  login(1, "789");
  const std::string data = R"({"id":9007199254740993123,"x":1.0,"s":"\u00e9\/","b":{"z":1,"a":2}})";
  CHECK_EQUAL("2 100\nsend 0,2 \"test\" " + data, push("456", data));
  CHECK_EQUAL("2 101\nsend 0,2 \"test\""sv, push("456", ""));
}

TEST(Gateway, APushToNobodyIsTakenAndEncodesNothing) {
  CHECK_EQUAL("0 100\n"sv, push("456"));
  CHECK_EQUAL("0 101\n"sv, push(std::nullopt));
  connect(1);
  CHECK_EQUAL("0 102\n"sv, push("456"));
  LONGS_EQUAL(3, gateway.counters().pushes);
  LONGS_EQUAL(0, gateway.counters().deliveries);
}

TEST(Gateway, DeliveredCountsThoseItWasQueuedFor) {
  connect(4);
  effects.deaf_index = 2;
  CHECK_EQUAL("3 100\nsend 0,1,2,3 \"test\" {}"sv, push(std::nullopt));
  LONGS_EQUAL(3, gateway.counters().deliveries);
}

TEST(Gateway, AnOverloadedPushReachesNobodyAndClosesNobody) {
  connect(2);
  effects.no_memory = true;
  CHECK_EQUAL("0 100 overloaded\nno memory 0,1 \"test\" {}"sv, push(std::nullopt));
  effects.no_memory = false;
  CHECK_EQUAL("2 101\nsend 0,1 \"test\" {}"sv, push(std::nullopt));
  LONGS_EQUAL(2, gateway.counters().deliveries);
}

// --- No memory for an answer ---------------------------------------------------------------------

TEST(Gateway, WhoCannotBeGreetedIsClosed) {
  effects.no_memory = true;
  gateway.connected(session(0));
  CHECK_EQUAL(R"(no memory 0 "downmsg" {"code":"2001","msg":"connect success"})"
              "\nclose 0"sv,
              effects.take());
}

TEST(Gateway, WhoCannotBeAnsweredIsClosedAndNobodyElse) {
  connect(2);
  login(0, "456", "loginWhenFirst");
  effects.no_memory = true;
  const std::string no_memory = "no memory 1 \"downmsg\" ";
  CHECK_EQUAL(no_memory + body("2004", "your room id(456) already exist") + "\nclose 1",
              login(1, "456", "loginWhenFirst"));
  CHECK_EQUAL(no_memory + body("2003", "room id is empty") + "\nclose 1", login(1, ""));
  CHECK_EQUAL(no_memory + body("2002", "login room (id:456) success") + "\nclose 1",
              login(1, "456"));
}

TEST(Gateway, WhoIsPutOutAndCannotBeToldIsClosed) {
  connect(4);
  for (std::uint32_t i = 0; i < 3; ++i) login(i, "456");
  effects.no_memory = true;
  CHECK_EQUAL("no memory 0,1,2 \"downmsg\" " + body("2005", "you have kicked out room (id456)") +
                  "\nclose 0\nclose 1\nclose 2\nno memory 3 \"downmsg\" " +
                  body("2002", "login room (id:456) success") + "\nclose 3",
              login(3, "456", "loginWhenLast"));
}
