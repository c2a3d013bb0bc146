// Events with attachments.
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

TEST_GROUP(SocketIoBinary) {
  SocketRig rig;

  bool alive(const EngineClient& client) {
    return rig.sessions.alive(client.session);
  }
};

TEST(SocketIoBinary, JoinsABinaryEventWithItsAttachments) {
  for (const std::string_view eio : {"3", "4"}) {
    EngineClient client = rig.enter(eio, kSocket);
    const std::string type_byte(eio == "3" ? 1 : 0, '\x04');
    client.say(kSocket,
               R"(453-9["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])");
    LONGS_EQUAL(1, rig.assemblies.gauge().in_use);
    client.say(kSocket, type_byte + "one", true);
    client.say(kSocket, type_byte, true);
    CHECK_EQUAL(""sv, rig.app.take());
    client.say(kSocket, type_byte + "three", true);
    CHECK_EQUAL(
        "event 0 \"a\" "
        "{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}"
        " <one> <> <three> ack 9"sv,
        rig.app.take());
    LONGS_EQUAL(0, rig.assemblies.gauge().in_use);
    CHECK(rig.server.next_due() == kNever);
  }
}

TEST(SocketIoBinary, ABinaryAckIsReadAndIgnored) {
  EngineClient client = rig.enter("4", kSocket);
  client.say(kSocket, "461-3[]");
  client.say(kSocket, "x", true);
  CHECK(alive(client));
  LONGS_EQUAL(0, rig.assemblies.gauge().in_use);
}

TEST(SocketIoBinary, BinaryOutOfOrderEndsTheSession) {
  struct Row {
    std::string_view first;
    std::string_view second;
    bool second_binary;
  };
  for (const Row row : {Row{"", "x", true}, Row{"452-[\"a\"]", "42[\"b\"]", false},
                        Row{"452-[\"a\"]", "452-[\"b\"]", false}}) {
    SocketRig fresh;
    EngineClient client = fresh.enter("4", kSocket);
    if (!row.first.empty()) client.say(kSocket, row.first);
    CHECK(fresh.sessions.alive(client.session));
    client.say(kSocket, row.second, row.second_binary);
    CHECK_FALSE(fresh.sessions.alive(client.session));
    fresh.turn();
    LONGS_EQUAL(1, fresh.closed(CloseReason::protocol_error));
    LONGS_EQUAL(0, fresh.assemblies.gauge().in_use);
  }
}

TEST(SocketIoBinary, APlaceholderBeyondTheAttachmentsEndsTheSession) {
  EngineClient client = rig.enter("4", kSocket);
  client.say(kSocket, R"(451-["a",{"_placeholder":true,"num":1}])");
  client.say(kSocket, "x", true);
  CHECK_FALSE(alive(client));
  CHECK_EQUAL(""sv, rig.app.take());
}

TEST(SocketIoBinary, AttachmentsCountForTheMessageLimit) {
  struct Row {
    std::size_t attachment;
    bool lives;
  };
  for (const Row row : {Row{592, true}, Row{593, false}}) {
    SocketRig fresh;
    EngineClient client = fresh.enter("4", kSocket);
    client.say(kSocket, "451-[\"a\"]");  // eight bytes of Socket.IO
    client.say(kSocket, std::string(row.attachment, 'x'), true);
    CHECK(fresh.sessions.alive(client.session) == row.lives);
    fresh.turn();
    LONGS_EQUAL(row.lives ? 0 : 1, fresh.closed(CloseReason::message_too_big));
    LONGS_EQUAL(0, fresh.assemblies.gauge().in_use);
  }
}

TEST(SocketIoBinary, ATextTooLargeToWaitEndsTheSession) {
  EngineClient client = rig.enter("4", kSocket);
  client.say(kSocket, "451-[\"" + std::string(600, 'x') + "\"]");
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::message_too_big));
  LONGS_EQUAL(0, rig.assemblies.gauge().in_use);
}

TEST(SocketIoBinary, WithoutABufferABinaryEventEndsTheSession) {
  EngineClient first = rig.enter("4", kSocket);
  EngineClient second = rig.enter("4", kOther);
  EngineClient third = rig.enter("4", connection(6));
  first.say(kSocket, "451-[\"a\"]");
  second.say(kOther, "451-[\"a\"]");
  third.say(connection(6), "451-[\"a\"]");
  CHECK_FALSE(alive(third));
  CHECK(alive(first));
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::out_of_memory));
  LONGS_EQUAL(2, rig.assemblies.gauge().in_use);
  LONGS_EQUAL(1, rig.assemblies.gauge().refusals);
}

TEST(SocketIoBinary, AttachmentsMustFollowWithin10Seconds) {
  EngineClient client = rig.enter("4", kSocket);
  rig.turn_at(100);
  client.say(kSocket, "452-[\"a\"]");
  rig.turn_at(5000);
  client.say(kSocket, "x", true);
  LONGS_EQUAL(10100, rig.server.next_due().time_since_epoch().count());
  rig.turn_at(10099);
  CHECK(alive(client));
  rig.turn_at(10100);
  CHECK_FALSE(alive(client));
  LONGS_EQUAL(0, rig.assemblies.gauge().in_use);
}
