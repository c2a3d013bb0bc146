// JSONP, which old pages poll with where XHR is missing.
#include "session/engineio_server.h"

#include <string>

#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

using Next = EngineIoServer::Next;

}  // namespace

TEST_GROUP(EngineIoJsonp) {
  EngineRig rig;
  EngineClient& client = rig.client;
};

TEST(EngineIoJsonp, WrapsAnswersAndUnwrapsPosts) {
  client.eio = "3";
  client.jsonp = "7";
  const std::string body = client.open_polling();
  CHECK_EQUAL("___eio[7](\"111:0{\\\"sid\\\":"sv, std::string_view(body).substr(0, 25));
  CHECK_EQUAL("}\");"sv, std::string_view(body).substr(body.size() - 4));
  CHECK(rig.send(client.session, "\x04\x01\x02"sv, WebSocketOpcode::binary));
  client.jsonp = "8";
  const Reply reply = client.get();
  CHECK_EQUAL("___eio[8](\"6:b4AQI=\");"sv, std::string_view(reply.body));
  CHECK_EQUAL("text/javascript; charset=UTF-8"sv, std::string_view(reply.type));
  LONGS_EQUAL(200, client.post("d=4%3A4a%5C%5Cn").status);
  CHECK((rig.app.messages == std::vector<std::string>{"a\\n"}));
  LONGS_EQUAL(400, client.post("x=2:4a").status);
  CHECK_FALSE(rig.sessions.alive(client.session));
}

TEST(EngineIoJsonp, IsOfRevision3AndItsIndexIsTheDigits) {
  client.jsonp = "7";
  CHECK_EQUAL("0{"sv, std::string_view(client.open_polling()).substr(0, 2));
  client = EngineClient(rig, rig.engine);
  client.eio = "3";
  client.jsonp = "alert(1)";
  CHECK_EQUAL("___eio[1]("sv, std::string_view(client.open_polling()).substr(0, 10));
}

TEST(EngineIoJsonp, HoldsAFullAnswerOfEscapes) {
  client.eio = "3";
  client.jsonp = "4294967295";
  client.open_polling();
  const std::string large = "4" + std::string(1392, '"');
  CHECK(rig.send(client.session, large));
  CHECK(rig.send(client.session, large));
  std::string escaped;
  for (int i = 0; i < 2; ++i) {
    escaped += "1393:4";
    for (int quote = 0; quote < 1392; ++quote) escaped += "\\\"";
  }
  CHECK("___eio[4294967295](\"" + escaped + "\");" == client.get().body);
}

TEST(EngineIoJsonp, WhatNoScriptHoldsEndsTheSession) {
  client.eio = "3";
  client.jsonp = "0";
  client.open_polling();
  CHECK(rig.send(client.session, "4" + std::string(2000, '\x01')));
  LONGS_EQUAL(400, client.get().status);
  CHECK_FALSE(rig.sessions.alive(client.session));
  client.sid.clear();
  client.open_polling();
  CHECK(client.get().next == Next::hang);
  CHECK(rig.send(client.session, "4" + std::string(2000, '\x01')));
  rig.turn();
  LONGS_EQUAL(400, rig.edge.answers.at(0).status);
  CHECK_FALSE(rig.sessions.alive(client.session));
  rig.turn();
  LONGS_EQUAL(1, rig.edge.answers.size());
  LONGS_EQUAL(2, rig.closed(CloseReason::message_too_big));
}
