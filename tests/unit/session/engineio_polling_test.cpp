// Long polling: every answer of the table of the stock server, payloads, close.
#include "session/engineio_server.h"

#include <string>

#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

using Method = EngineIoMethod;
using Next = EngineIoServer::Next;

constexpr std::string_view kText = "text/plain; charset=UTF-8";
constexpr std::string_view kBytes = "application/octet-stream";
constexpr ConnectionId kGet = connection(1);
constexpr ConnectionId kPost = connection(2);

}  // namespace

TEST_GROUP(EngineIoPolling) {
  EngineRig rig;
  EngineClient& client = rig.client;

  void check_refused(const Reply& reply, unsigned status, std::string_view body) {
    CHECK(reply.next == Next::answer);
    LONGS_EQUAL(status, reply.status);
    CHECK_EQUAL(body, std::string_view(reply.body));
  }
  void check_gone() {
    check_refused(client.get(connection(9)), 400, R"({"code":1,"message":"Session ID unknown"})");
  }
  void check_hangs(ConnectionId from = kGet) {
    CHECK(client.get(from).next == Next::hang);
  }
};

TEST(EngineIoPolling, TheHandshakeTellsTheTimesOfItsRevision) {
  struct Row {
    std::string_view eio;
    std::string_view before;
    std::string_view timeout;
  };
  for (const Row row : {Row{"4", "0{\"sid\":\"", "200"}, Row{"3", "111:0{\"sid\":\"", "400"}}) {
    client = EngineClient(rig, rig.engine);
    client.eio = row.eio;
    const std::string body = client.open_polling();
    CHECK_EQUAL(std::string(row.before) + client.sid +
                    R"(","upgrades":["websocket"],"pingInterval":300,"pingTimeout":)" +
                    std::string(row.timeout) + ",\"maxPayload\":1000}",
                body);
    LONGS_EQUAL(20, client.sid.size());
  }
  LONGS_EQUAL(2, rig.app.opened.size());
}

TEST(EngineIoPolling, RefusesBadRequests) {
  client.open_polling();
  const std::string sid = client.sid;
  const std::string foreign = sid.substr(0, 19) + (sid[19] == 'A' ? 'B' : 'A');
  struct Row {
    Method method;
    EngineIoQuery query;
    unsigned status;
    std::string_view body;
  };
  const std::string_view unknown = R"({"code":1,"message":"Session ID unknown"})";
  const std::string_view bad = R"({"code":3,"message":"Bad request"})";
  const std::string_view method = R"({"code":2,"message":"Bad handshake method"})";
  const std::string_view transport = R"({"code":0,"message":"Transport unknown"})";
  const std::string_view revision = R"({"code":5,"message":"Unsupported protocol version"})";
  const std::string nuls(20, '\0');
  const Row rows[] = {
      {Method::get, {"4", "", "", "", "", false}, 400, transport},
      {Method::get, {"4", "tls", sid, "", "", false}, 400, transport},
      {Method::get, {"4", "polling", "abc", "", "", false}, 400, unknown},
      {Method::get, {"4", "polling", foreign, "", "", false}, 400, unknown},
      {Method::get, {"4", "polling", nuls, "", "", false}, 400, unknown},
      {Method::get, {"4", "polling", "____________________", "", "", false}, 400, unknown},
      {Method::get, {"4", "polling", "AAAAAAAAAAAAAAAAAAAA", "", "", false}, 400, unknown},
      {Method::get, {"4", "polling", "AAAB0000000000000000", "", "", false}, 400, unknown},
      {Method::get, {"3", "polling", sid, "", "", false}, 400, bad},
      {Method::get, {"4", "websocket", sid, "", "", false}, 400, bad},
      {Method::get, {"4", "websocket", "", "", "", false}, 400, bad},
      {Method::post, {"4", "polling", "", "", "", false}, 400, method},
      {Method::other, {"4", "polling", "", "", "", false}, 400, method},
      {Method::get, {"", "polling", "", "", "", false}, 400, revision},
      {Method::get, {"2", "polling", "", "", "", false}, 400, revision},
      {Method::get, {"40", "polling", "", "", "", false}, 400, revision},
      {Method::other, {"4", "polling", sid, "", "", false}, 500, ""},
  };
  for (const Row& row : rows) {
    check_refused(client.request(row.method, row.query, kGet), row.status, row.body);
  }
  rig.turn();
  CHECK(rig.sessions.alive(client.session));
  LONGS_EQUAL(1, rig.sessions.gauge().in_use);
}

TEST(EngineIoPolling, AFullTableAnswers503) {
  for (int i = 0; i < 4; ++i) {
    client.sid.clear();
    client.open_polling();
  }
  client.sid.clear();
  check_refused(client.get(), 503, R"({"code":4,"message":"Too many sessions"})");
}

TEST(EngineIoPolling, AHangingGetIsAnsweredAtTheEndOfTheTurn) {
  client.open_polling();
  check_hangs();
  CHECK(rig.send(client.session, "4a"));
  CHECK(rig.send(client.session, "4b"));
  CHECK_EQUAL("none"sv, rig.edge.take_answer(kGet));
  rig.turn();
  CHECK_EQUAL(
      "4a\x1e"
      "4b"sv,
      rig.edge.take_answer(kGet));
  rig.turn();
  CHECK_EQUAL("none"sv, rig.edge.take_answer(kGet));
}

TEST(EngineIoPolling, WhatIsQueuedAnswersAtOnce) {
  client.open_polling();
  CHECK(rig.send(client.session, "4a"));
  const Reply reply = client.get();
  CHECK(reply.next == Next::answer);
  LONGS_EQUAL(200, reply.status);
  CHECK_EQUAL(kText, std::string_view(reply.type));
  CHECK_EQUAL("4a"sv, std::string_view(reply.body));
  check_hangs();
}

TEST(EngineIoPolling, AtMostSixteenPacketsAnAnswer) {
  client.open_polling();
  for (int i = 0; i < 20; ++i) CHECK(rig.send(client.session, "4"));
  const std::string first = client.get().body;
  LONGS_EQUAL(16, std::count(first.begin(), first.end(), '4'));
  const std::string second = client.get().body;
  LONGS_EQUAL(4, std::count(second.begin(), second.end(), '4'));
  check_hangs();
}

TEST(EngineIoPolling, AnAnswerHoldsAsManyPacketsAsFit) {
  client.open_polling();
  const std::string large = "4" + std::string(1999, 'x');
  CHECK(rig.send(client.session, large));
  CHECK(rig.send(client.session, large));
  CHECK_EQUAL(large, client.get().body);
  CHECK_EQUAL(large, client.get().body);
  check_hangs();
}

TEST(EngineIoPolling, TheLargestFrameFitsInEveryForm) {
  const std::string bytes(2047, '\xfe');
  struct Row {
    std::string_view eio;
    std::string_view jsonp;
    bool base64;
    std::size_t body_bytes;
  };
  // b + base64; b4 + base64 and a length; the bytes with a mark, a length and a
  // type byte
  for (const Row row :
       {Row{"4", "", false, 1 + 2732}, Row{"3", "", true, 5 + 2 + 2732},
        Row{"3", "0", false, 11 + 5 + 2 + 2732 + 3}, Row{"3", "", false, 1 + 4 + 1 + 2048}}) {
    client = EngineClient(rig, rig.engine);
    client.eio = row.eio;
    client.jsonp = row.jsonp;
    client.base64 = row.base64;
    client.open_polling();
    const std::string prefix(row.eio == "3" ? 1 : 0, '\x04');
    CHECK(rig.send(client.session, prefix + bytes, WebSocketOpcode::binary));
    LONGS_EQUAL(row.body_bytes, client.get().body.size());
  }
}

TEST(EngineIoPolling, BinaryInEveryForm) {
  struct Row {
    std::string_view eio;
    bool base64;
    std::string_view type;
    std::string_view body;
  };
  const Row rows[] = {
      {"4", false, kText,
       "4a\x1e"
       "bAQI="sv},
      {"3", true, kText, "2:4a6:b4AQI="sv},
      {"3", false, kBytes,
       "\x00\x02\xff"
       "4a\x01\x03\xff\x04\x01\x02"sv},
  };
  for (const Row& row : rows) {
    client = EngineClient(rig, rig.engine);
    client.eio = row.eio;
    client.base64 = row.base64;
    client.open_polling();
    CHECK(rig.send(client.session, "4a"));
    CHECK(rig.send(client.session, row.eio == "3" ? "\x04\x01\x02"sv : "\x01\x02"sv,
                   WebSocketOpcode::binary));
    const Reply reply = client.get();
    CHECK_EQUAL(row.body, std::string_view(reply.body));
    CHECK_EQUAL(row.type, std::string_view(reply.type));
  }
}

TEST(EngineIoPolling, TheFormIsBinaryOnlyWhenThisAnswerHasABinaryPacket) {
  client.eio = "3";
  client.open_polling();
  for (int i = 0; i < 16; ++i) CHECK(rig.send(client.session, "4"));
  CHECK(rig.send(client.session, "\x04\x01"sv, WebSocketOpcode::binary));
  CHECK_EQUAL(kText, std::string_view(client.get().type));
  CHECK_EQUAL(kBytes, std::string_view(client.get().type));
}

TEST(EngineIoPolling, AnOverlappingGetEndsTheSession) {
  client.open_polling();
  check_hangs(kGet);
  check_refused(client.get(connection(3)), 400, "");
  CHECK_EQUAL("none"sv, rig.edge.take_answer(kGet));
  rig.turn();
  LONGS_EQUAL(200, rig.edge.answers.at(0).status);
  CHECK_EQUAL("1"sv, rig.edge.take_answer(kGet));
  CHECK_EQUAL("none"sv, rig.edge.take_answer(connection(3)));
  check_gone();
  LONGS_EQUAL(1, rig.closed(CloseReason::protocol_error));
}

TEST(EngineIoPolling, ACutGetEndsTheSession) {
  client.open_polling();
  check_hangs();
  rig.engine.connection_closed(client.session, kGet);
  rig.turn();
  LONGS_EQUAL(0, rig.edge.answers.size());
  LONGS_EQUAL(1, rig.closed(CloseReason::connection_lost));
  check_gone();
}

TEST(EngineIoPolling, TheEndOfAnAnsweredConnectionEndsNothing) {
  client.open_polling();
  check_hangs();
  CHECK(rig.send(client.session, "4a"));
  rig.turn();
  rig.engine.connection_closed(client.session, kGet);
  rig.engine.connection_closed(client.session, kPost);
  rig.turn();
  CHECK(rig.sessions.alive(client.session));
}

TEST(EngineIoPolling, ACloseOfOursIsAClosePacketInTheHangingGet) {
  for (const std::string_view eio : {"3", "4"}) {
    client = EngineClient(rig, rig.engine);
    client.eio = eio;
    client.open_polling();
    check_hangs();
    rig.sessions.close(client.session, CloseReason::shutdown);
    rig.turn();
    CHECK_EQUAL(eio == "3" ? "1:1"sv : "1"sv, std::string_view(rig.edge.take_answer(kGet)));
  }
}

// What the application does while the session opens may compose answers of
// other sessions.
TEST(EngineIoPolling, TheHandshakeIsNotOverwrittenByOtherAnswers) {
  EngineClient other(rig, rig.engine);
  other.open_polling();
  CHECK(other.get(connection(5)).next == Next::hang);
  struct Context {
    EngineRig& rig;
    SessionId other;
  } context{rig, other.session};
  rig.app.context = &context;
  rig.app.when_opened = [](RecordingHandler& self, SessionId, Instant) {
    auto& to = *static_cast<Context*>(self.context);
    for (int i = 0; i < 40; ++i) CHECK(to.rig.send(to.other, "4secret"));
  };
  const std::string body = client.open_polling();
  CHECK_EQUAL("0{\"sid\":\"" + client.sid + "\"", body.substr(0, 30));
}

// Two servers share one session table, as dialects do: a dead id of one must
// not name the session that another has put into its slot since.
TEST(EngineIoPolling, AnOldIdDoesNotReachAnotherServersSession) {
  client.open_polling();
  rig.sessions.close(client.session, CloseReason::client_closed);
  rig.turn();
  RecordingHandler other_app;
  EngineIoServer other(engine_options(), rig.sessions, rig.edge, other_app);
  EngineClient heir(rig, other);
  heir.open_polling();
  LONGS_EQUAL(client.session.index, heir.session.index);
  CHECK(rig.send(heir.session, "4secret"));
  check_gone();
  check_refused(client.post("1"), 400, R"({"code":1,"message":"Session ID unknown"})");
  CHECK(rig.sessions.alive(heir.session));
}
