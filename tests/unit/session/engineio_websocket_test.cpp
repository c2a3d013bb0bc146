// Sessions that live on a WebSocket from the start.
#include "session/engineio_server.h"

#include <string>

#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr ConnectionId kSocket = connection(4);

}  // namespace

TEST_GROUP(EngineIoWebSocket) {
  EngineRig rig;
  EngineClient& client = rig.client;
};

TEST(EngineIoWebSocket, ANewOneIsGreetedFirst) {
  client.open_websocket(kSocket);
  CHECK(rig.send(client.session, "4a"));
  rig.turn();
  CHECK_EQUAL("0{\"sid\":\"" + client.sid +
                  R"(","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000}|4a)",
              rig.edge.take_written(kSocket));
  LONGS_EQUAL(1, rig.edge.writes);
  LONGS_EQUAL(3, rig.frames_in_use());
}

TEST(EngineIoWebSocket, AChokedOneWaitsAndThenGetsAllInOneWrite) {
  client.open_websocket(kSocket);
  rig.turn();
  rig.edge.take_written(kSocket);
  rig.edge.choked = {kSocket};
  CHECK(rig.send(client.session, "4a"));
  CHECK(rig.send(client.session, "\x01", WebSocketOpcode::binary));
  rig.turn();
  CHECK_EQUAL(""sv, rig.edge.take_written(kSocket));
  rig.edge.choked.clear();
  const std::size_t before = rig.edge.writes;
  rig.engine.writable(client.session);
  rig.turn();
  CHECK_EQUAL("4a|<\x01>"sv, rig.edge.take_written(kSocket));
  LONGS_EQUAL(before + 1, rig.edge.writes);
}

TEST(EngineIoWebSocket, AChokedOneIsClosedWhenItsQueueIsFull) {
  client.open_websocket(kSocket);
  rig.turn();
  rig.edge.choked = {kSocket};
  for (int i = 0; i < 32; ++i) CHECK(rig.send(client.session, "4a"));
  CHECK_FALSE(rig.send(client.session, "4a"));
  rig.turn();
  LONGS_EQUAL(1, rig.edge.close_count(kSocket));
  CHECK(rig.edge.closes.at(0).code == WebSocketClose::try_again_later);
  CHECK_EQUAL("slow_reader"sv, std::string_view(rig.edge.closes.at(0).reason));
  LONGS_EQUAL(3, rig.frames_in_use());
}

TEST(EngineIoWebSocket, Messages) {
  struct Row {
    std::string_view eio;
    std::string_view sent;
    bool binary;
    std::string_view heard;
  };
  const Row rows[] = {
      {"4", "4a", false, "a"},
      {"4", "4", false, ""},
      {"4", "bAQI=", false, "<\x01\x02>"},
      {"4", "\x04\x01"sv, true, "<\x04\x01>"},
      {"4", "", true, "<>"},
      {"3", "b4AQI=", false, "<\x01\x02>"},
      {"3", "\x04\x01"sv, true, "<\x01>"},
  };
  for (const Row& row : rows) {
    EngineRig fresh;
    fresh.client.eio = row.eio;
    fresh.client.open_websocket(kSocket);
    fresh.client.say(kSocket, row.sent, row.binary);
    CHECK((fresh.app.messages == std::vector<std::string>{std::string(row.heard)}));
  }
}

TEST(EngineIoWebSocket, MessagesThatEndTheSession) {
  struct Row {
    std::string_view eio;
    std::string_view sent;
    bool binary;
    WebSocketClose code;
  };
  const Row rows[] = {
      {"4", "", false, WebSocketClose::protocol_error},
      {"4", "abc", false, WebSocketClose::protocol_error},
      {"4", "1", false, WebSocketClose::normal},
      {"3", "\x01", true, WebSocketClose::protocol_error},
      {"3", "", true, WebSocketClose::protocol_error},
  };
  for (const Row& row : rows) {
    EngineRig fresh;
    fresh.client.eio = row.eio;
    fresh.client.open_websocket(kSocket);
    fresh.client.say(kSocket, row.sent, row.binary);
    fresh.turn();
    LONGS_EQUAL(1, fresh.edge.close_count(kSocket));
    CHECK(fresh.edge.closes.at(0).code == row.code);
    fresh.client.say(kSocket, "4late");
    CHECK(fresh.app.messages.empty());
  }
}

TEST(EngineIoWebSocket, OneThatGoesEndsItsSessionOnce) {
  client.open_websocket(kSocket);
  rig.engine.connection_closed(client.session, kSocket);
  rig.engine.connection_closed(client.session, kSocket);
  rig.turn();
  rig.engine.connection_closed(client.session, kSocket);
  rig.turn();
  CHECK((rig.app.reasons == std::vector<CloseReason>{CloseReason::connection_lost}));
  LONGS_EQUAL(0, rig.edge.close_count(kSocket));
}

TEST(EngineIoWebSocket, OneThatGoesBeforeItOpenedIsNoSessionToTheApplication) {
  const auto decision = client.decide(kSocket);
  rig.engine.connection_closed(decision.session, kSocket);
  rig.turn();
  rig.engine.websocket_open(decision.session, kSocket, rig.now);
  CHECK(rig.app.opened.empty());
  CHECK(rig.app.ended.empty());
  LONGS_EQUAL(0, rig.sessions.gauge().in_use);
}

TEST(EngineIoWebSocket, WithoutAFrameForTheHandshakeTheSessionEnds) {
  std::vector<FrameRef> taken;
  for (FrameRef one = rig.frame("x"); one != kNoFrame; one = rig.frame("x")) taken.push_back(one);
  client.open_websocket(kSocket);
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::out_of_memory));
  CHECK(rig.app.opened.empty());
  CHECK(rig.app.ended.empty());
  for (const FrameRef one : taken) rig.frames.release(one);
}

TEST(EngineIoWebSocket, EveryReasonHasItsCloseCode) {
  struct Row {
    CloseReason reason;
    WebSocketClose code;
  };
  const Row rows[] = {
      {CloseReason::client_closed, WebSocketClose::normal},
      {CloseReason::ping_timeout, WebSocketClose::going_away},
      {CloseReason::connect_timeout, WebSocketClose::normal},
      {CloseReason::protocol_error, WebSocketClose::protocol_error},
      {CloseReason::message_too_big, WebSocketClose::message_too_big},
      {CloseReason::slow_reader, WebSocketClose::try_again_later},
      {CloseReason::out_of_memory, WebSocketClose::try_again_later},
      {CloseReason::flooding, WebSocketClose::policy_violation},
      {CloseReason::token_ended, WebSocketClose::policy_violation},
      {CloseReason::shutdown, WebSocketClose::going_away},
  };
  for (const Row row : rows) {
    client.sid.clear();
    client.open_websocket(kSocket);
    rig.sessions.close(client.session, row.reason);
    rig.turn();
    CHECK(rig.edge.closes.back().code == row.code);
    CHECK_EQUAL(close_reason_name(row.reason), std::string_view(rig.edge.closes.back().reason));
  }
}

TEST(EngineIoWebSocket, BinaryIsBase64TextForThoseWhoCannotTakeIt) {
  struct Row {
    std::string_view eio;
    std::string_view frame;
    std::string_view written;
  };
  for (const Row row :
       {Row{"4", "\x01\x02", "4a|4b|bAQI=|4c"}, Row{"3", "\x04\x01\x02", "4a|4b|b4AQI=|4c"}}) {
    EngineRig fresh;
    fresh.client.eio = row.eio;
    fresh.client.base64 = true;
    fresh.client.open_websocket(kSocket);
    fresh.turn();
    fresh.edge.take_written(kSocket);
    CHECK(fresh.send(fresh.client.session, "4a"));
    CHECK(fresh.send(fresh.client.session, "4b"));
    CHECK(fresh.send(fresh.client.session, row.frame, WebSocketOpcode::binary));
    CHECK(fresh.send(fresh.client.session, "4c"));
    fresh.turn();
    CHECK_EQUAL(std::string(row.written), fresh.edge.take_written(kSocket));
    LONGS_EQUAL(3, fresh.frames_in_use());
  }
}

TEST(EngineIoWebSocket, TheLargestFrameFitsAsBase64Text) {
  client.eio = "3";
  client.base64 = true;
  client.open_websocket(kSocket);
  rig.turn();
  rig.edge.take_written(kSocket);
  CHECK(rig.send(client.session, "\x04" + std::string(2047, '\xfe'), WebSocketOpcode::binary));
  rig.turn();
  LONGS_EQUAL(2 + 2732, rig.edge.take_written(kSocket).size());
}

TEST(EngineIoWebSocket, ATransportThatHadToCutItTellsWhy) {
  client.open_websocket(kSocket);
  rig.engine.connection_closed(client.session, kSocket, CloseReason::message_too_big);
  rig.turn();
  CHECK((rig.app.reasons == std::vector<CloseReason>{CloseReason::message_too_big}));
}

TEST(EngineIoWebSocket, WithSpacingFramesLeaveOneAtATime) {
  EngineIoOptions options = engine_options();
  options.frame_spacing = Duration(10);
  RecordingHandler app;
  EngineIoServer spaced(options, rig.sessions, rig.edge, app);
  EngineClient one(rig, spaced);
  const auto written_at = [&](std::int64_t ms) {
    rig.now = Instant(Duration(ms));
    spaced.expire(rig.now);
    rig.turn();
    return rig.edge.take_written(kSocket);
  };
  one.open_websocket(kSocket);
  CHECK(rig.send(one.session, "4a"));
  CHECK(rig.send(one.session, "4b"));
  CHECK_EQUAL(std::string(), written_at(9));
  CHECK_EQUAL(std::string("0{"), written_at(10).substr(0, 2));
  CHECK_EQUAL(std::string(), written_at(19));
  CHECK_EQUAL(std::string("4a"), written_at(20));
  CHECK_EQUAL(std::string("4b"), written_at(30));
  rig.sessions.close(one.session, CloseReason::shutdown);
  rig.turn();
  CHECK(spaced.next_due() == kNever);
}
