#include "adapter/fanout.h"

#include <string>
#include <vector>

#include "support/socketio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr ConnectionId kSocket = connection(4);
constexpr ConnectionId kOther = connection(5);

}  // namespace

TEST_GROUP(Fanout) {
  SocketRig rig;
  Fanout fanout{rig.sessions, rig.server, rig.engine};
};

TEST(Fanout, OneFrameServesClientsOfEveryRevision) {
  const EngineClient old = rig.enter("3", kSocket);
  const EngineClient young = rig.enter("4", kOther);
  const std::size_t before = rig.frames_in_use();
  const std::vector<SessionId> both = {old.session, young.session};
  LONGS_EQUAL(2, fanout.send(both, {"\"test\"", "{\"x\":1.0}"}).value());
  LONGS_EQUAL(before + 1, rig.frames_in_use());
  rig.turn();
  CHECK_EQUAL("42[\"test\",{\"x\":1.0}]"sv, rig.edge.take_written(kSocket));
  CHECK_EQUAL("42[\"test\",{\"x\":1.0}]"sv, rig.edge.take_written(kOther));
  LONGS_EQUAL(before, rig.frames_in_use());
}

TEST(Fanout, CountsThoseItWasQueuedForOnly) {
  const EngineClient gone = rig.enter("4", kSocket);
  const EngineClient here = rig.enter("4", kOther);
  rig.sessions.close(gone.session, CloseReason::client_closed);
  const std::vector<SessionId> both = {gone.session, here.session};
  LONGS_EQUAL(1, fanout.send(both, {"\"test\"", ""}).value());
  rig.turn();
  CHECK_EQUAL("42[\"test\"]"sv, rig.edge.take_written(kOther));
}

TEST(Fanout, WhatCannotBeEncodedReachesNobodyAndClosesNobody) {
  const EngineClient client = rig.enter("4", kSocket);
  const std::string large(3000, 'x');
  CHECK(!fanout.send({&client.session, 1}, {"\"test\"", large}));
  CHECK(rig.sessions.alive(client.session));
}

TEST(Fanout, AcknowledgesWhoAsked) {
  const EngineClient client = rig.enter("4", kSocket);
  fanout.acknowledge({client.session, 12}, "{\"code\":\"2002\"}");
  fanout.acknowledge({client.session, std::nullopt}, "{\"code\":\"2002\"}");
  rig.turn();
  CHECK_EQUAL("4312[{\"code\":\"2002\"}]"sv, rig.edge.take_written(kSocket));
}

TEST(Fanout, WhoIsClosedIsToldThatMemoryWasShort) {
  const EngineClient client = rig.enter("4", kSocket);
  const EngineClient bystander = rig.enter("4", kOther);
  fanout.close(client.session);
  CHECK_FALSE(rig.sessions.alive(client.session));
  CHECK(rig.sessions.alive(bystander.session));
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::out_of_memory));
  LONGS_EQUAL(1, rig.edge.close_count(kSocket));
  fanout.close(client.session);
  rig.turn();
  LONGS_EQUAL(1, rig.closed(CloseReason::out_of_memory));
}
