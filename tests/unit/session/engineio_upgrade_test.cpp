// The upgrade of a polling session to its WebSocket, with all its races.
#include "session/engineio_server.h"

#include <string>

#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

using Next = EngineIoServer::Next;

constexpr ConnectionId kGet = connection(1);
constexpr ConnectionId kPost = connection(2);
constexpr ConnectionId kSocket = connection(4);
constexpr ConnectionId kOther = connection(5);

}  // namespace

TEST_GROUP(EngineIoUpgrade) {
  EngineRig rig;
  EngineClient& client = rig.client;

  /// A polling session whose WebSocket has probed.
  void probe() {
    client.open_polling();
    CHECK(client.upgrade(kSocket).verdict == UpgradeVerdict::accept);
    client.say(kSocket, "2probe");
  }
  void complete() {
    probe();
    rig.turn();
    rig.edge.take_written(kSocket);
    client.say(kSocket, "5");
    rig.turn();
  }
  bool alive() {
    return rig.sessions.alive(client.session);
  }
};

TEST(EngineIoUpgrade, ProbeIsAnsweredEvenWhenTheUpgradeComesInTheSameTurn) {
  probe();
  client.say(kSocket, "5");
  rig.turn();
  CHECK_EQUAL("3probe"sv, std::string_view(rig.edge.take_written(kSocket)).substr(0, 6));
  CHECK(rig.engine.over_websocket(client.session));
}

TEST(EngineIoUpgrade, DecidesAboutUpgradeRequests) {
  client.open_polling();
  struct Row {
    EngineIoQuery query;
    UpgradeVerdict verdict;
    std::string_view body;
  };
  const Row rows[] = {
      {{"4", "polling", client.sid, "", "", false}, UpgradeVerdict::accept_then_close, ""},
      {{"4", "", "", "", "", false},
       UpgradeVerdict::refuse,
       R"({"code":0,"message":"Transport unknown"})"},
      {{"5", "websocket", "", "", "", false},
       UpgradeVerdict::refuse,
       R"({"code":5,"message":"Unsupported protocol version"})"},
      {{"4", "websocket", "abc", "", "", false},
       UpgradeVerdict::refuse,
       R"({"code":1,"message":"Session ID unknown"})"},
      {{"3", "websocket", client.sid, "", "", false},
       UpgradeVerdict::refuse,
       R"({"code":3,"message":"Bad request"})"},
      {{"4", "websocket", client.sid, "", "", false}, UpgradeVerdict::accept, ""},
      {{"4", "websocket", client.sid, "", "", false}, UpgradeVerdict::accept_then_close, ""},
  };
  for (const Row& row : rows) {
    const UpgradeDecision decision = rig.engine.upgrade({row.query, "", kSocket}, rig.now);
    CHECK(decision.verdict == row.verdict);
    CHECK_EQUAL(row.body, decision.error.body);
    CHECK((decision.verdict == UpgradeVerdict::accept) == bool{decision.session});
  }
}

TEST(EngineIoUpgrade, AFullTableRefuses) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    client.sid.clear();
    client.open_websocket(connection(10 + i));
  }
  client.sid.clear();
  const auto decision = client.decide(kSocket);
  CHECK(decision.verdict == UpgradeVerdict::refuse);
  LONGS_EQUAL(503, decision.error.status);
}

TEST(EngineIoUpgrade, ProbeAnswerNoopAndThenTheWebSocketCarries) {
  client.open_polling();
  CHECK(client.get().next == Next::hang);
  client.upgrade(kSocket);
  rig.turn();
  CHECK_EQUAL(""sv, rig.edge.take_written(kSocket));
  client.say(kSocket, "2probe");
  rig.turn();
  CHECK_EQUAL("3probe"sv, rig.edge.take_written(kSocket));
  CHECK_EQUAL("6"sv, rig.edge.take_answer(kGet));
  CHECK(rig.send(client.session, "4kept"));
  rig.turn();
  CHECK_EQUAL(""sv, rig.edge.take_written(kSocket));
  client.say(kSocket, "5");
  CHECK(rig.send(client.session, "4new"));
  rig.turn();
  CHECK_EQUAL("4kept|4new"sv, rig.edge.take_written(kSocket));
}

TEST(EngineIoUpgrade, MessagesDueDuringTheProbeGoIntoTheHangingGet) {
  probe();
  rig.turn();
  CHECK(client.get().next == Next::hang);
  CHECK(rig.send(client.session, "4a"));
  rig.turn();
  CHECK_EQUAL("4a"sv, rig.edge.take_answer(kGet));
  CHECK(rig.send(client.session, "4b"));
  CHECK_EQUAL("4b"sv, std::string_view(client.get().body));
}

TEST(EngineIoUpgrade, FurtherPollsEndEvery100Milliseconds) {
  probe();
  rig.turn();
  CHECK(client.get().next == Next::hang);
  rig.turn_at(99);
  CHECK_EQUAL("none"sv, rig.edge.take_answer(kGet));
  rig.turn_at(100);
  CHECK_EQUAL("6"sv, rig.edge.take_answer(kGet));
  CHECK(client.get().next == Next::hang);
  rig.turn_at(199);
  CHECK_EQUAL("none"sv, rig.edge.take_answer(kGet));
  rig.turn_at(200);
  CHECK_EQUAL("6"sv, rig.edge.take_answer(kGet));
}

TEST(EngineIoUpgrade, AGetThatHangsWhenTheUpgradeEndsGetsANoop) {
  probe();
  rig.turn();
  CHECK(client.get().next == Next::hang);
  client.say(kSocket, "5");
  CHECK_EQUAL("6"sv, rig.edge.take_answer(kGet));
}

TEST(EngineIoUpgrade, UpgradeWithoutProbeIsTaken) {
  client.open_polling();
  client.upgrade(kSocket);
  client.say(kSocket, "5");
  CHECK(rig.engine.over_websocket(client.session));
  LONGS_EQUAL(0, rig.edge.close_count(kSocket));
}

TEST(EngineIoUpgrade, AfterwardsPollingIsOverAndSoAreOtherWebSockets) {
  complete();
  CHECK(rig.engine.over_websocket(client.session));
  const std::string_view bad = R"({"code":3,"message":"Bad request"})";
  CHECK_EQUAL(bad, std::string_view(client.get().body));
  CHECK_EQUAL(bad, std::string_view(client.post("4a").body));
  CHECK(client.upgrade(kOther).verdict == UpgradeVerdict::accept_then_close);
  CHECK(alive());
}

TEST(EngineIoUpgrade, ASecondCandidateIsAcceptedAndClosed) {
  probe();
  CHECK(client.upgrade(kOther).verdict == UpgradeVerdict::accept_then_close);
  client.say(kSocket, "5");
  CHECK(rig.engine.over_websocket(client.session));
}

TEST(EngineIoUpgrade, ACandidateThatSaysAnythingElseIsDropped) {
  struct Row {
    std::string_view text;
    bool binary;
  };
  for (const Row row : {Row{"4a", false}, Row{"2", false}, Row{"2probes", false}, Row{"", false},
                        Row{"1", false}, Row{"2probe", true}, Row{"5", true}}) {
    EngineRig fresh;
    fresh.client.open_polling();
    fresh.client.upgrade(kSocket);
    fresh.client.say(kSocket, row.text, row.binary);
    fresh.turn();
    LONGS_EQUAL(1, fresh.edge.close_count(kSocket));
    CHECK(fresh.sessions.alive(fresh.client.session));
    CHECK(fresh.app.messages.empty());
    CHECK(fresh.client.upgrade(kOther).verdict == UpgradeVerdict::accept);
  }
}

// Its close frame is on the way, but so may be more of its messages.
TEST(EngineIoUpgrade, ADroppedCandidateIsNotHeardAnyMore) {
  client.open_polling();
  client.upgrade(kSocket);
  client.say(kSocket, "4a");
  client.say(kSocket, "4b");
  client.say(kSocket, "1");
  rig.turn();
  CHECK(rig.app.messages.empty());
  CHECK(alive());
}

TEST(EngineIoUpgrade, WithoutUpgradePacketTheCandidateIsDroppedAt250) {
  probe();
  rig.turn_at(249);
  LONGS_EQUAL(0, rig.edge.close_count(kSocket));
  rig.turn_at(250);
  LONGS_EQUAL(1, rig.edge.close_count(kSocket));
  CHECK(alive());
  CHECK(client.get().next == Next::hang);
  client.say(kSocket, "5");
  CHECK_FALSE(rig.engine.over_websocket(client.session));
}

TEST(EngineIoUpgrade, ACandidateThatGoesLeavesThePollingSession) {
  probe();
  rig.engine.connection_closed(client.session, kSocket);
  rig.turn();
  CHECK(alive());
  CHECK_EQUAL(""sv, rig.edge.take_written(kSocket));
  CHECK(client.get().next == Next::hang);
  rig.turn_at(260);
  CHECK_EQUAL("none"sv, rig.edge.take_answer(kGet));
  LONGS_EQUAL(0, rig.edge.close_count(kSocket));
  CHECK(client.upgrade(kOther).verdict == UpgradeVerdict::accept);
}

TEST(EngineIoUpgrade, APostUnderWayIsReadAfterTheUpgrade) {
  probe();
  CHECK(client.request(EngineIoMethod::post, client.query("polling"), kPost, "", 2).next ==
        Next::read_body);
  client.say(kSocket, "5");
  std::string body = "4a";
  LONGS_EQUAL(200, rig.engine.post_body(client.session, false, body, rig.now).status);
  client.say(kSocket, "4b");
  CHECK((rig.app.messages == std::vector<std::string>{"a", "b"}));
}

TEST(EngineIoUpgrade, TheCutGetEndsSessionAndCandidate) {
  client.open_polling();
  client.get();
  client.upgrade(kSocket);
  rig.engine.connection_closed(client.session, kGet);
  rig.turn();
  CHECK_FALSE(alive());
  LONGS_EQUAL(1, rig.edge.close_count(kSocket));
}

TEST(EngineIoUpgrade, AnUpgradeBehindItsProbeWritesNothingToAChokedWire) {
  client.open_polling();
  client.upgrade(kSocket);
  rig.edge.choked = {kSocket};
  client.say(kSocket, "2probe");
  client.say(kSocket, "5");
  rig.turn();
  CHECK(rig.engine.over_websocket(client.session));
  CHECK_EQUAL(""sv, rig.edge.take_written(kSocket));
}

TEST(EngineIoUpgrade, AProbeAnswerWaitsForAChokedWire) {
  client.open_polling();
  client.upgrade(kSocket);
  rig.edge.choked = {kSocket};
  for (int i = 0; i < 3; ++i) {
    client.say(kSocket, "2probe");
    rig.turn();
  }
  CHECK_EQUAL(""sv, rig.edge.take_written(kSocket));
  rig.edge.choked.clear();
  rig.engine.writable(client.session);
  rig.turn();
  CHECK_EQUAL("3probe"sv, rig.edge.take_written(kSocket));
}
