// What happens when no frame is free.
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

TEST_GROUP(SocketIoDryPool) {
  // Three frames are the engine's own; five are left for messages.
  SocketRig rig{{.small_frames = 8, .large_frames = 1}};

  void emit(const EngineClient& client, int times, std::string_view text = "") {
    for (int i = 0; i < times; ++i) {
      CHECK(rig.server.emit({client.session, 0}, "\"a\"", text));
    }
  }
  bool alive(const EngineClient& client) {
    return rig.sessions.alive(client.session);
  }
};

TEST(SocketIoDryPool, TheSlowestReaderGivesWay) {
  EngineClient slow = rig.enter("4", kSocket);
  EngineClient quick = rig.enter("4", kOther);
  rig.edge.choked = {kSocket};
  emit(slow, 5);
  rig.turn();
  emit(quick, 3);
  CHECK_FALSE(alive(slow));
  CHECK(alive(quick));
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::slow_reader));
  CHECK_EQUAL("42[\"a\"]|42[\"a\"]|42[\"a\"]"sv, rig.edge.take_written(kOther));
}

TEST(SocketIoDryPool, ManyMessagesInOneTurnAreNoSignOfSlowReaders) {
  EngineClient first = rig.enter("4", kSocket);
  EngineClient second = rig.enter("4", kOther);
  emit(first, 5);
  emit(second, 15);
  CHECK(alive(first));
  CHECK(alive(second));
  rig.turn();
  LONGS_EQUAL(3, rig.frames_in_use());
}

TEST(SocketIoDryPool, ASessionThatIsClosingIsEnough) {
  EngineClient closing = rig.enter("4", kSocket);
  EngineClient bystander = rig.enter("4", kOther);
  EngineClient third = rig.enter("4", connection(6));
  rig.edge.choked = {kSocket, kOther};
  emit(bystander, 1);
  emit(closing, 4);
  rig.turn();
  rig.sessions.close(closing.session, CloseReason::flooding);
  emit(third, 1);
  CHECK(alive(bystander));
}

TEST(SocketIoDryPool, TheOneWhoIsSentToMayBeTheSlowest) {
  EngineClient slow = rig.enter("4", kSocket);
  rig.edge.choked = {kSocket};
  emit(slow, 5);
  rig.turn();
  CHECK_FALSE(rig.server.emit({slow.session, 0}, "\"a\"", ""));
  rig.turn();
  LONGS_EQUAL(3, rig.frames_in_use());
  LONGS_EQUAL(1, rig.closed(CloseReason::slow_reader));
}

TEST(SocketIoDryPool, FramesThatNobodyQueuesCannotBeShed) {
  EngineClient client = rig.enter("4", kSocket);
  std::vector<FrameRef> taken;
  for (FrameRef one = rig.frame("x"); one != kNoFrame; one = rig.frame("x")) taken.push_back(one);
  LONGS_EQUAL(kNoFrame, rig.server.encode_event(0, "\"a\"", {}));
  CHECK(alive(client));
  CHECK_FALSE(rig.server.emit({client.session, 0}, "\"a\"", ""));
  CHECK_FALSE(alive(client));
  for (const FrameRef one : taken) rig.frames.release(one);
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::out_of_memory));
}

TEST(SocketIoDryPool, NobodyIsShedForTheDead) {
  EngineClient slow = rig.enter("4", kSocket);
  EngineClient leaving = rig.enter("4", kOther);
  rig.edge.choked = {kSocket};
  emit(slow, 5);
  rig.turn();
  rig.app.parting_gift = &rig.server;
  leaving.say(kOther, "1");
  rig.turn();
  CHECK(alive(slow));
}

TEST(SocketIoDryPool, WhoseConnectCannotBeAnsweredIsNotIn) {
  EngineClient client(rig, rig.engine);
  client.open_websocket(kSocket);
  rig.turn();
  std::vector<FrameRef> taken;
  for (FrameRef one = rig.frame("x"); one != kNoFrame; one = rig.frame("x")) taken.push_back(one);
  client.say(kSocket, "40");
  for (const FrameRef one : taken) rig.frames.release(one);
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::out_of_memory));
  CHECK_EQUAL(""sv, rig.app.take());
}
