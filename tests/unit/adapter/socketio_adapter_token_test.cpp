// Pages that show a token: who they are, what they hear and may send.
#include <string>

#include "adapter/socketio_adapter.h"
#include "support/adapter_rig.h"
#include "support/call_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_literals;

TEST_GROUP(SocketIoAdapterToken) {
  AdapterRig rig;
  Gateway gateway{{.rooms = {.rooms = 4, .memberships = 8, .sessions = 6}}, rig.effects};
  SocketIoAdapter adapter{gateway, rig.switchboard, rig.bearers, rig.sessions, rig.clock, 16};
  Socket page{};

  /// A page that comes with this query token and CONNECT payload: its user's id, "nobody" when it
  /// shows no token, or the object of the CONNECT_ERROR.
  std::string come(std::string_view query, std::string_view auth) {
    page = {rig.open(), 0};
    adapter.on_handshake(page.session, query, rig.now);
    const auto error = adapter.on_connecting(page, auth, rig.now);
    if (error) return std::string(*error);
    adapter.on_connected(page, auth, rig.now);
    if (!rig.switchboard.signed_in(page.session)) return "nobody";
    Users& users = rig.switchboard.users();
    return std::string(users.id(users.user_of(page.session)));
  }
  static std::string error(const std::string& word) {
    return R"({"message":"token: )" + word + R"(","data":{"code":")" + word + "\"}}";
  }
  std::string emit(const Socket& from, std::string_view arguments) {
    adapter.on_event(from, {.name_literal = R"("Event")", .arguments = arguments, .ack_id = 7},
                     rig.now);
    std::string all;
    for (const std::string& line : rig.effects.lines) {
      const std::size_t json = line.find('{');
      all.append(all.empty() ? "" : "\n")
          .append(line, 0, json)
          .append(shortened(line.substr(json)));
    }
    rig.effects.take();
    return all;
  }
};

TEST(SocketIoAdapterToken, ATokenInTheConnectPayloadOrTheQueryIsTheUser) {
  CHECK_EQUAL("1"s, come("", R"({"token":"token-of-1"})"));
  CHECK_EQUAL("2"s, come("token-of-2", ""));
  CHECK_EQUAL("2"s, come("token-of-2", R"({"other":"token-of-1"})"));
  CHECK_EQUAL("1"s, come("", R"({"token":"token\u002dof-1"})"));
}

TEST(SocketIoAdapterToken, TheConnectPayloadComesBeforeTheQuery) {
  CHECK_EQUAL("2"s, come("token-of-1", R"({"token":"token-of-2"})"));
  CHECK_EQUAL("1"s, come("stale", R"({"token":"token-of-1"})"));
  CHECK_EQUAL("1"s, come("token-of-1", R"({"token":""})"));
  CHECK_EQUAL("1"s, come("token-of-1", R"({"token":null})"));
}

TEST(SocketIoAdapterToken, WithoutATokenAPageIsNobodyAndWelcome) {
  for (const std::string_view auth : {"", "{}", R"({"token":null})", R"({"token":""})"}) {
    CHECK_EQUAL("nobody"s, come("", auth));
  }
  LONGS_EQUAL(4, gateway.connected_count());
  LONGS_EQUAL(0, rig.switchboard.users().gauge().in_use);
}

TEST(SocketIoAdapterToken, ABadTokenIsRefusedWithItsVerdict) {
  CHECK_EQUAL(error("unknown"), come("", R"({"token":"token-of-9"})"));
  CHECK_EQUAL(error("expired"), come("stale", ""));
  CHECK_EQUAL(error("expired"), come("token-of-1", R"({"token":"stale"})"));
  CHECK_EQUAL(error("unknown"), come("", R"({"token":5})"));
  CHECK_EQUAL(error("unknown"), come("", R"({"token":{"token":"token-of-1"}})"));
  CHECK_EQUAL(error("unknown"), come("", R"({"token":")" + std::string(5000, 'x') + "\"}"));
  LONGS_EQUAL(0, gateway.connected_count());
  CHECK(rig.effects.lines.empty());
}

TEST(SocketIoAdapterToken, TheNextPageInASlotIsNobody) {
  come("token-of-1", "");
  adapter.on_disconnected(page, true);
  rig.sessions.close(page.session, CloseReason::client_closed);
  rig.turn();
  const std::uint32_t slot = page.session.index;
  CHECK_EQUAL("nobody"s, come("", ""));
  LONGS_EQUAL(slot, page.session.index);
}

TEST(SocketIoAdapterToken, AFullTableOfUsersRefusesThoseWithATokenOnly) {
  rig.fill_users();
  CHECK_EQUAL(R"({"message":"the table of users is full","data":{"code":"overloaded"}})"s,
              come("token-of-1", ""));
  CHECK_EQUAL("nobody"s, come("", ""));
}

TEST(SocketIoAdapterToken, IsGreetedFirstAndGetsTheOnlineList) {
  come("token-of-1", "");
  LONGS_EQUAL(2, rig.effects.lines.size());
  STRCMP_CONTAINS(R"(send 0 "downmsg" {"code":"2001")", rig.effects.lines[0].c_str());
  STRCMP_CONTAINS(R"("Message":["1"]})", rig.effects.lines[1].c_str());
}

TEST(SocketIoAdapterToken, APageCallsAndGetsItsReceiptTwice) {
  come("token-of-2", "");
  come("token-of-1", "");
  rig.effects.take();
  CHECK_EQUAL(
      "notify 0 event 1>2 #1 {\"Event\":\"Call\",\"Data\":{\"n\":1.0}}\n"
      "notify 1 receipt #1 Call 2 delivered 1\nack 1#7 receipt #1 Call 2 delivered 1"s,
      emit(page, R"({"Receiver":"2","Type":"Event","Message":{"Event":"Call","Data":{"n":1.0}}})"));
}

TEST(SocketIoAdapterToken, APageCannotSpeakForAnother) {
  come("token-of-2", "");
  come("token-of-1", "");
  rig.effects.take();
  STRCMP_CONTAINS(
      "notify 1 receipt # Call 2 refused: Sender is not",
      emit(page, R"({"Sender":"2","Receiver":"2","Type":"Event","Message":{"Event":"Call"}})")
          .c_str());
}

TEST(SocketIoAdapterToken, WithoutATokenAPageMayNotCall) {
  come("token-of-2", "");
  come("", "");
  rig.effects.take();
  CHECK_EQUAL(
      "notify 1 error unauthorised: this page has shown no token\n"
      "ack 1#7 error unauthorised: this page has shown no token"s,
      emit(page, R"({"Receiver":"2","Type":"Event","Message":{"Event":"Call"}})"));
}

TEST(SocketIoAdapterToken, WhatIsNoFrameIsAnsweredInBothWays) {
  come("token-of-1", "");
  rig.effects.take();
  CHECK_EQUAL("notify 0 error no_type: Type is missing\nack 0#7 error no_type: Type is missing"s,
              emit(page, "{}"));
  for (const std::string_view arguments : {"", "5", "\"x\"", "{},{}"}) {
    STRCMP_CONTAINS("notify 0 error malformed: ", emit(page, arguments).c_str());
  }
}

TEST(SocketIoAdapterToken, AGoodbyeIsALogoutAndALossHasItsGrace) {
  come("token-of-1", "");
  adapter.on_disconnected(page, false);
  LONGS_EQUAL(1, rig.switchboard.users().listed().size());
  come("token-of-1", "");
  adapter.on_disconnected(page, true);
  LONGS_EQUAL(0, rig.switchboard.users().listed().size());
}
