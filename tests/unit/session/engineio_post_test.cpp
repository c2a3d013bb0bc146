// POST requests: their packets, and what ends the session.
#include "session/engineio_server.h"

#include <string>

#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

using Method = EngineIoMethod;
using Next = EngineIoServer::Next;

constexpr std::string_view kBytes = "application/octet-stream";
constexpr ConnectionId kGet = connection(1);
constexpr ConnectionId kPost = connection(2);

}  // namespace

TEST_GROUP(EngineIoPost) {
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
};

TEST(EngineIoPost, MessagesOfAPost) {
  client.open_polling();
  const Reply reply = client.post(
      "4a\x1e"
      "bAQI=\x1e"
      "4"sv);
  LONGS_EQUAL(200, reply.status);
  CHECK_EQUAL("ok"sv, std::string_view(reply.body));
  CHECK((rig.app.messages == std::vector<std::string>{"a", "<\x01\x02>", ""}));
}

TEST(EngineIoPost, MessagesOfARevision3Post) {
  client.eio = "3";
  client.open_polling();
  LONGS_EQUAL(200, client
                       .post("3:4\xc3\xa9"
                             "a6:b4AQI="sv)
                       .status);
  LONGS_EQUAL(200, client
                       .post("\x00\x02\xff"
                             "4b\x01\x02\xff\x04\x07"sv,
                             kBytes)
                       .status);
  CHECK((rig.app.messages == std::vector<std::string>{"\xc3\xa9"
                                                      "a",
                                                      "<\x01\x02>", "b", "<\x07>"}));
}

TEST(EngineIoPost, PostsThatEndTheSession) {
  struct Row {
    std::string_view eio;
    std::string_view body;
    std::string_view content_type;
    unsigned status;
    CloseReason reason;
  };
  const Row rows[] = {
      {"4", "abc", "", 400, CloseReason::protocol_error},
      {"4", "", "", 400, CloseReason::protocol_error},
      {"4", "4a\x1e", "", 400, CloseReason::protocol_error},
      {"4", "b!", "", 400, CloseReason::protocol_error},
      {"4", "4a", "application/octet-stream", 400, CloseReason::protocol_error},
      {"4", "2", "", 200, CloseReason::protocol_error},
      {"4", "1", "", 200, CloseReason::client_closed},
      {"4",
       "1\x1e"
       "4a",
       "", 200, CloseReason::client_closed},
      {"3", "1:3", "", 200, CloseReason::protocol_error},
      {"3", "1:1", "", 200, CloseReason::client_closed},
      {"3", "9:4a", "", 400, CloseReason::protocol_error},
      {"3", "4a", "application/octet-stream", 400, CloseReason::protocol_error},
  };
  for (const Row& row : rows) {
    EngineRig fresh;
    fresh.client.eio = row.eio;
    fresh.client.open_polling();
    LONGS_EQUAL(row.status, fresh.client.post(row.body, row.content_type).status);
    CHECK_FALSE(fresh.sessions.alive(fresh.client.session));
    fresh.turn();
    CHECK((fresh.app.reasons == std::vector<CloseReason>{row.reason}));
    LONGS_EQUAL(0, fresh.sessions.gauge().in_use);
  }
}

TEST(EngineIoPost, PacketsWithoutMeaningAreIgnored) {
  client.open_polling();
  LONGS_EQUAL(200, client
                       .post("0\x1e"
                             "5\x1e"
                             "6\x1e"
                             "0{}"sv)
                       .status);
  CHECK(rig.sessions.alive(client.session));
  CHECK(rig.app.messages.empty());
}

TEST(EngineIoPost, NothingIsHeardAfterTheClosePacket) {
  client.open_polling();
  client.post(
      "4a\x1e"
      "1\x1e"
      "4b"sv);
  CHECK((rig.app.messages == std::vector<std::string>{"a"}));
}

TEST(EngineIoPost, AClosePacketEndsTheHangingGetWithANoop) {
  client.open_polling();
  client.get();
  client.post("1");
  rig.turn();
  CHECK_EQUAL("6"sv, rig.edge.take_answer(kGet));
  check_gone();
}

TEST(EngineIoPost, APostBesideAnUnreadPostCutsItAndEndsTheSession) {
  client.open_polling();
  CHECK(client.request(Method::post, client.query("polling"), kPost, "", 5).next ==
        Next::read_body);
  check_refused(client.post("4a", "", connection(3)), 400, "");
  LONGS_EQUAL(1, rig.edge.close_count(kPost));
  rig.turn();
  check_gone();
}

TEST(EngineIoPost, APostThatBreaksOffEndsTheSession) {
  client.open_polling();
  CHECK(client.request(Method::post, client.query("polling"), kPost, "", 5).next ==
        Next::read_body);
  rig.engine.connection_closed(client.session, kPost);
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::connection_lost));
}

TEST(EngineIoPost, ABodyThatComesAfterTheEndIsRefused) {
  client.open_polling();
  CHECK(client.request(Method::post, client.query("polling"), kPost, "", 2).next ==
        Next::read_body);
  rig.sessions.close(client.session, CloseReason::shutdown);
  std::string body = "4a";
  LONGS_EQUAL(400, rig.engine.post_body(client.session, false, body, rig.now).status);
  rig.turn();
  LONGS_EQUAL(400, rig.engine.post_body(client.session, false, body, rig.now).status);
  CHECK(rig.app.messages.empty());
}

TEST(EngineIoPost, ATooLargePostIsRefusedAndTheSessionLives) {
  client.open_polling();
  check_refused(client.post(std::string(1001, '6')), 413, "");
  LONGS_EQUAL(200, client.post("4" + std::string(999, 'a')).status);
  CHECK(rig.sessions.alive(client.session));
}
