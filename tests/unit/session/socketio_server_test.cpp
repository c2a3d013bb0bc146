#include "session/socketio_server.h"

#include <string>

#include "support/socketio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr ConnectionId kSocket = connection(4);
constexpr ConnectionId kOther = connection(5);

}  // namespace

TEST_GROUP(SocketIoServer) {
  SocketRig rig;

  std::string answer_to(EngineClient & client, std::string_view text, bool binary = false) {
    client.say(kSocket, text, binary);
    rig.turn();
    return rig.edge.take_written(kSocket);
  }
  bool alive(const EngineClient& client) {
    return rig.sessions.alive(client.session);
  }
};

// --- Namespaces
// ----------------------------------------------------------------------------------

TEST(SocketIoServer, Revision5EntersWhenItAsks) {
  EngineClient client(rig, rig.engine);
  client.open_websocket(kSocket);
  rig.turn();
  rig.edge.take_written(kSocket);
  CHECK_EQUAL(""sv, rig.app.take());
  const std::string answer = answer_to(client, R"(40{"token":"t"})");
  CHECK_EQUAL("40{\"sid\":\""sv, std::string_view(answer).substr(0, 10));
  LONGS_EQUAL(10 + 20 + 2, answer.size());
  CHECK(answer.find(client.sid) == std::string::npos);
  CHECK_EQUAL(R"(in 0 {"token":"t"})"sv, rig.app.take());
  CHECK_EQUAL("40/ward,{\"sid\":\""sv,
              std::string_view(answer_to(client, "40/ward,")).substr(0, 16));
  CHECK_EQUAL("in 1 "sv, rig.app.take());
}

TEST(SocketIoServer, Revision4IsInFromTheStart) {
  EngineClient client(rig, rig.engine);
  client.eio = "3";
  client.open_websocket(kSocket);
  rig.turn();
  const std::string greeting = rig.edge.take_written(kSocket);
  CHECK_EQUAL("}|40"sv, std::string_view(greeting).substr(greeting.size() - 4));
  CHECK_EQUAL("in 0 "sv, rig.app.take());
  CHECK_EQUAL("40/ward,"sv, answer_to(client, "40/ward?token=t,"));
  CHECK_EQUAL("in 1 "sv, rig.app.take());
}

TEST(SocketIoServer, Revision4OverPollingGetsItsConnectInTheNextPoll) {
  EngineClient client(rig, rig.engine);
  client.eio = "3";
  CHECK_EQUAL("115:0{"sv, std::string_view(client.open_polling()).substr(0, 6));
  CHECK_EQUAL("2:40"sv, std::string_view(client.get().body));
}

TEST(SocketIoServer, AnUnknownNamespaceIsRefusedAndTheSessionLives) {
  for (const std::string_view eio : {"3", "4"}) {
    EngineClient client = rig.enter(eio, kSocket);
    CHECK_EQUAL(R"(44/nowhere,{"message":"Invalid namespace"})"sv,
                answer_to(client, "40/nowhere,"));
    CHECK(alive(client));
    CHECK_EQUAL(""sv, rig.app.take());
  }
}

TEST(SocketIoServer, TheApplicationMayRefuse) {
  EngineClient client = rig.enter("4", kSocket);
  rig.app.refusal = R"({"message":"no"})";
  CHECK_EQUAL(R"(44/ward,{"message":"no"})"sv, answer_to(client, "40/ward,{}"));
  CHECK_EQUAL(""sv, rig.app.take());
  rig.app.refusal.reset();
  answer_to(client, "40/ward,");
  CHECK_EQUAL("in 1 "sv, rig.app.take());
}

TEST(SocketIoServer, LeavingANamespaceLeavesTheSession) {
  EngineClient client = rig.enter("4", kSocket);
  answer_to(client, "40/ward,");
  rig.app.take();
  CHECK_EQUAL(""sv, answer_to(client, "41"));
  CHECK_EQUAL("out 0 goodbye"sv, rig.app.take());
  CHECK(alive(client));
  answer_to(client, "42/ward,[\"a\"]");
  CHECK_EQUAL("event 1 \"a\" "sv, rig.app.take());
  answer_to(client, "40");
  CHECK_EQUAL("in 0 "sv, rig.app.take());
}

TEST(SocketIoServer, TheEndOfTheSessionLeavesEveryNamespace) {
  EngineClient client = rig.enter("4", kSocket);
  answer_to(client, "40/ops,");
  rig.app.take();
  client.say(kSocket, "1");
  CHECK_EQUAL(""sv, rig.app.take());
  rig.turn();
  CHECK_EQUAL("out 0|out 2"sv, rig.app.take());
}

TEST(SocketIoServer, PacketsThatEndTheSession) {
  const std::string_view rows[] = {"4",
                                   "47",
                                   "4x",
                                   "40",
                                   "41[]",
                                   "42[",
                                   "42{}",
                                   "42[]",
                                   "42[null]",
                                   "42[\"connect\"]",
                                   "43{}",
                                   "44{}",
                                   "44\"x\"",
                                   "42/ward,[\"a\"]",
                                   "41/ward,",
                                   "42/nowhere,[\"a\"]",
                                   "451[\"a\"]",
                                   "450-[\"a\"]",
                                   "4511-[\"a\"]",
                                   "40/ward,[]",
                                   "42[\"a\"]x"};
  for (const std::string_view text : rows) {
    SocketRig fresh;
    EngineClient client = fresh.enter("4", kSocket);
    client.say(kSocket, text);
    CHECK_TEXT(!fresh.sessions.alive(client.session), StringFrom(text).asCharString());
    fresh.turn();
    LONGS_EQUAL(1, fresh.closed(CloseReason::protocol_error));
    CHECK_EQUAL("out 0"sv, fresh.app.take());
  }
}

TEST(SocketIoServer, AnEndlessNamespaceEndsTheSession) {
  EngineClient client = rig.enter("4", kSocket);
  const std::string longest = "/" + std::string(127, 'x');
  CHECK_EQUAL("44" + longest + R"(,{"message":"Invalid namespace"})",
              answer_to(client, "40" + longest + ","));
  client.say(kSocket, "40" + longest + "x,");
  CHECK_FALSE(alive(client));
}

TEST(SocketIoServer, WithoutANamespaceASessionEndsAt1000) {
  EngineClient client(rig, rig.engine);
  client.open_websocket(kSocket);
  LONGS_EQUAL(1000, rig.server.next_due().time_since_epoch().count());
  client.say(kSocket, "40/nowhere,");
  rig.turn_at(999);
  CHECK(alive(client));
  rig.turn_at(1000);
  CHECK_FALSE(alive(client));
  LONGS_EQUAL(1, rig.closed(CloseReason::connect_timeout));
  CHECK(rig.server.next_due() == kNever);
}

TEST(SocketIoServer, AnyNamespaceStopsTheConnectTimeout) {
  EngineClient client(rig, rig.engine);
  client.open_websocket(kSocket);
  client.say(kSocket, "40/ops,");
  CHECK(rig.server.next_due() == kNever);
  rig.turn_at(5000);
  CHECK(alive(client));
}

// --- Events
// --------------------------------------------------------------------------------------

TEST(SocketIoServer, EventsAreHandedOnByteForByte) {
  struct Row {
    std::string_view sent;
    std::string_view heard;
  };
  const Row rows[] = {
      {R"(42["a"])", R"(event 0 "a" )"},
      {R"(42["a", 1.0 ,{"x":[9007199254740993123]}])",
       R"(event 0 "a" 1.0 ,{"x":[9007199254740993123]})"},
      {R"(42["\u0061",null])", R"(event 0 "\u0061" null)"},
      {R"(4217["a"])", R"(event 0 "a"  ack 17)"},
      {R"(42/ward,0["a",2])", R"(event 1 "a" 2 ack 0)"},
      {R"(42[7,"b"])", R"(event 0 7 "b")"},
      {R"(42)", ""},
      {R"(435[1])", ""},
      {R"(43)", ""},
  };
  EngineClient client = rig.enter("4", kSocket);
  answer_to(client, "40/ward,");
  rig.app.take();
  for (const Row& row : rows) {
    CHECK_EQUAL(""sv, answer_to(client, row.sent));
    CHECK_EQUAL(row.heard, rig.app.take());
    CHECK(alive(client));
  }
}

TEST(SocketIoServer, EmitsAndAcknowledges) {
  EngineClient client = rig.enter("4", kSocket);
  answer_to(client, "40/ward,");
  const Socket main{client.session, 0};
  const Socket ward{client.session, 1};
  CHECK(rig.server.emit(main, R"("a")", ""));
  CHECK(rig.server.emit(ward, R"("b")", R"(1.0,{"c":2})"));
  CHECK(rig.server.acknowledge(main, 0, ""));
  CHECK(rig.server.acknowledge(ward, 18446744073709551615U, "1,2"));
  rig.turn();
  CHECK_EQUAL(R"(42["a"]|42/ward,["b",1.0,{"c":2}]|430[]|43/ward,18446744073709551615[1,2])"sv,
              rig.edge.take_written(kSocket));
}

TEST(SocketIoServer, EmitsAttachmentsInTheFormOfTheRevision) {
  const std::string_view attachments[] = {"\x01\x02"sv, std::string_view{}};
  struct Row {
    std::string_view eio;
    std::string_view written;
  };
  for (const Row row :
       {Row{"4", "452-[\"a\",1]|<\x01\x02>|<>|462-7[]|<\x01\x02>|<>"sv},
        Row{"3", "452-[\"a\",1]|<\x04\x01\x02>|<\x04>|462-7[]|<\x04\x01\x02>|<\x04>"sv}}) {
    EngineClient client = rig.enter(row.eio, kSocket);
    CHECK(rig.server.emit({client.session, 0}, "\"a\"", "1", attachments));
    CHECK(rig.server.acknowledge({client.session, 0}, 7, "", attachments));
    rig.turn();
    CHECK_EQUAL(row.written, rig.edge.take_written(kSocket));
  }
}

TEST(SocketIoServer, OneEncodingServesBothRevisions) {
  EngineClient modern = rig.enter("4", kSocket);
  EngineClient old = rig.enter("3", kOther);
  answer_to(modern, "40/ward,");
  constexpr std::array<std::string_view, 3> kData = {R"({"x":)", "1.0", "}"};
  const FrameRef frame = rig.server.encode_event(1, R"("news")", kData);
  const SessionId both[] = {modern.session, old.session};
  LONGS_EQUAL(2, rig.sessions.send(both, frame));
  rig.frames.release(frame);
  LONGS_EQUAL(4, rig.frames_in_use());
  rig.turn();
  CHECK_EQUAL(R"(42/ward,["news",{"x":1.0}])"sv, rig.edge.take_written(kSocket));
  CHECK_EQUAL(R"(42/ward,["news",{"x":1.0}])"sv, rig.edge.take_written(kOther));
  LONGS_EQUAL(3, rig.frames_in_use());
}

TEST(SocketIoServer, AnEventWithoutDataHasNoComma) {
  const FrameRef frame = rig.server.encode_event(0, R"("ping")", {});
  CHECK_EQUAL(R"(42["ping"])"sv, rig.frames.payload(frame));
  rig.frames.release(frame);
}

TEST(SocketIoServer, WhatNoFrameHoldsIsNotEncodedAndShedsNobody) {
  EngineClient client = rig.enter("4", kSocket);
  rig.edge.choked = {kSocket};
  CHECK(rig.server.emit({client.session, 0}, "\"a\"", ""));
  rig.turn();
  const std::string text = "\"" + std::string(2048, 'x') + "\"";
  const std::string_view data = text;
  LONGS_EQUAL(kNoFrame, rig.server.encode_event(0, "\"a\"", {&data, 1}));
  CHECK(alive(client));
}

// --- Limits
// --------------------------------------------------------------------------------------

TEST(SocketIoServer, AFloodEndsTheSession) {
  EngineClient client = rig.enter("4", kSocket);  // its CONNECT was the first message
  for (int i = 0; i < 19; ++i) client.say(kSocket, "42[\"a\"]");
  CHECK(alive(client));
  client.say(kSocket, "42[\"a\"]");
  CHECK_FALSE(alive(client));
  LONGS_EQUAL(19, rig.app.heard.size());
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::flooding));
}

TEST(SocketIoServer, TheFloodWindowLasts10Seconds) {
  EngineClient client = rig.enter("4", kSocket);
  for (int i = 0; i < 19; ++i) client.say(kSocket, "42[\"a\"]");
  rig.turn_at(9999);
  CHECK(alive(client));
  rig.turn_at(10000);
  for (int i = 0; i < 20; ++i) client.say(kSocket, "42[\"a\"]");
  CHECK(alive(client));
  client.say(kSocket, "42[\"a\"]");
  CHECK_FALSE(alive(client));
}

TEST(SocketIoServer, AFloodInOnePostEndsWithinIt) {
  EngineClient client(rig, rig.engine);
  client.open_polling();
  std::string body = "40";
  for (int i = 0; i < 50; ++i)
    body +=
        "\x1e"
        "42[\"a\"]";
  LONGS_EQUAL(200, client.post(body).status);
  CHECK_FALSE(alive(client));
  LONGS_EQUAL(1 + 19, rig.app.heard.size());
}
