// Heartbeats to the millisecond, with time as a number: ping after 300, pong
// within 200.
#include "session/engineio_server.h"

#include <string>

#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr ConnectionId kGet = connection(1);
constexpr ConnectionId kSocket = connection(4);

}  // namespace

TEST_GROUP(EngineIoHeartbeat) {
  EngineRig rig;
  EngineClient& client = rig.client;

  void open(std::string_view eio = "4") {
    client.eio = eio;
    client.open_websocket(kSocket);
    rig.turn();
    rig.edge.take_written(kSocket);
  }
  std::string written_at(std::int64_t ms) {
    rig.turn_at(ms);
    return rig.edge.take_written(kSocket);
  }
  bool alive() {
    return rig.sessions.alive(client.session);
  }
  std::int64_t due() {
    return rig.engine.next_due().time_since_epoch().count();
  }
};

TEST(EngineIoHeartbeat, PingsAt300AndEndsAt500) {
  open();
  LONGS_EQUAL(300, due());
  CHECK_EQUAL(""sv, written_at(299));
  CHECK_EQUAL("2"sv, written_at(300));
  LONGS_EQUAL(500, due());
  rig.turn_at(499);
  CHECK(alive());
  rig.turn_at(500);
  CHECK_FALSE(alive());
  LONGS_EQUAL(1, rig.closed(CloseReason::ping_timeout));
  LONGS_EQUAL(1, rig.edge.close_count(kSocket));
  CHECK(rig.engine.next_due() == kNever);
}

TEST(EngineIoHeartbeat, ALateTurnDoesNotMoveTheDeadline) {
  open();
  CHECK_EQUAL("2"sv, written_at(304));
  LONGS_EQUAL(500, due());
}

TEST(EngineIoHeartbeat, AStalledLoopIsNotTheClientsFault) {
  open();
  CHECK_EQUAL("2"sv, written_at(2000));
  CHECK(alive());
  LONGS_EQUAL(2195, due());
  client.say(kSocket, "3");
  rig.turn_at(2195);
  CHECK(alive());
}

TEST(EngineIoHeartbeat, TheNextPingIsTimedFromThePong) {
  open();
  CHECK_EQUAL("2"sv, written_at(300));
  rig.turn_at(350);
  client.say(kSocket, "3");
  LONGS_EQUAL(650, due());
  CHECK_EQUAL(""sv, written_at(649));
  CHECK_EQUAL("2"sv, written_at(650));
}

TEST(EngineIoHeartbeat, MessagesAreNoPongs) {
  open();
  rig.turn_at(300);
  rig.turn_at(499);
  client.say(kSocket, "4hello");
  rig.turn_at(500);
  CHECK_FALSE(alive());
}

TEST(EngineIoHeartbeat, APollingSessionGetsItsPingInTheHangingGet) {
  client.open_polling();
  client.get(kGet);
  rig.turn_at(300);
  CHECK_EQUAL("2"sv, rig.edge.take_answer(kGet));
  rig.turn_at(400);
  client.post("3");
  LONGS_EQUAL(700, due());
}

TEST(EngineIoHeartbeat, APollingSessionEndsAt500WithoutAnyGet) {
  client.open_polling();
  rig.turn_at(300);
  rig.turn_at(499);
  CHECK(alive());
  rig.turn_at(500);
  CHECK_FALSE(alive());
}

TEST(EngineIoHeartbeat, Revision3WaitsForTheClientsPing) {
  open("3");
  LONGS_EQUAL(700, due());
  CHECK_EQUAL(""sv, written_at(650));
  client.say(kSocket, "2");
  CHECK_EQUAL("3"sv, written_at(650));
  CHECK_EQUAL(""sv, written_at(1349));
  CHECK(alive());
  rig.turn_at(1350);
  CHECK_FALSE(alive());
  LONGS_EQUAL(1, rig.closed(CloseReason::ping_timeout));
}

TEST(EngineIoHeartbeat, Revision3PongsEchoThePingsData) {
  open("3");
  client.say(kSocket, "2");
  client.say(kSocket, "2abc");
  CHECK_EQUAL("3|3abc"sv, written_at(1));
}

TEST(EngineIoHeartbeat, APingTooLargeForAFrameEndsTheSession) {
  open("3");
  client.say(kSocket, "2" + std::string(3000, 'a'));
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::out_of_memory));
}

TEST(EngineIoHeartbeat, Revision3KeepsItsDeadlineThroughAnUpgrade) {
  client.eio = "3";
  client.open_polling();
  rig.turn_at(100);
  client.upgrade(kSocket);
  client.say(kSocket, "2probe");
  client.say(kSocket, "5");
  CHECK(rig.engine.over_websocket(client.session));
  rig.turn_at(699);
  CHECK(alive());
  rig.turn_at(700);
  CHECK_FALSE(alive());
}

TEST(EngineIoHeartbeat, TheWrongDirectionEndsTheSession) {
  struct Row {
    std::string_view eio;
    std::string_view packet;
  };
  for (const Row row : {Row{"4", "2"}, Row{"4", "2probe"}, Row{"3", "3"}}) {
    EngineRig fresh;
    fresh.client.eio = row.eio;
    fresh.client.open_websocket(kSocket);
    fresh.client.say(kSocket, row.packet);
    CHECK_FALSE(fresh.sessions.alive(fresh.client.session));
    fresh.turn();
    LONGS_EQUAL(1, fresh.closed(CloseReason::protocol_error));
  }
}

TEST(EngineIoHeartbeat, AnEndedSessionLeavesNoDeadline) {
  for (const std::string_view eio : {"3", "4"}) {
    EngineClient one(rig, rig.engine);
    one.eio = eio;
    one.open_polling();
    one.upgrade(kSocket);
    one.say(kSocket, "2probe");
    rig.sessions.close(one.session, CloseReason::shutdown);
    rig.turn();
    CHECK(rig.engine.next_due() == kNever);
  }
}

TEST(EngineIoHeartbeat, ADueDeadlineOfAClosingSessionDoesNothing) {
  open();
  rig.sessions.close(client.session, CloseReason::flooding);
  rig.now = Instant(Duration(500));
  rig.engine.expire(rig.now);
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::flooding));
  LONGS_EQUAL(0, rig.closed(CloseReason::ping_timeout));
}
