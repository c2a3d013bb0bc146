// Frames of call terminals to terminals and pages alike.
#include <array>
#include <string>
#include <vector>

#include "adapter/fanout.h"
#include "session/terminal_server.h"
#include "support/socketio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

class LetIn final : public TerminalHandler {
 public:
  std::optional<HttpAnswer> on_admission(SessionId, std::string_view, Instant) override {
    return std::nullopt;
  }
  void on_open(SessionId, Instant) override {}
  void on_text(SessionId, std::string_view, Instant) override {}
  void on_binary(SessionId) override {}
  void on_too_big(SessionId) override {}
  void on_ended(SessionId, CloseReason) override {}
};

constexpr ConnectionId kOld = connection(3);
constexpr ConnectionId kYoung = connection(4);
constexpr ConnectionId kFirst = connection(5);
constexpr ConnectionId kSecond = connection(6);
constexpr std::array<std::string_view, 3> kParts = {R"({"Type":"Chat",)", R"("x":)", "1.0}"};
constexpr Notice kNotice = {R"("Chat")", kParts};

}  // namespace

TEST_GROUP(FanoutNotify) {
  SocketRig rig;
  LetIn handler;
  TerminalServer terminals{{}, rig.sessions, rig.edge, handler};
  Fanout fanout{rig.sessions, rig.server, rig.engine};

  SessionId terminal(ConnectionId connection) {
    const SessionId session = terminals.upgrade({.connection = connection}, rig.now).session;
    terminals.websocket_open(session, connection, rig.now);
    return session;
  }
};

TEST(FanoutNotify, IsEncodedOnceADialect) {
  const std::vector<SessionId> all = {terminal(kFirst), rig.enter("3", kOld).session,
                                      terminal(kSecond), rig.enter("4", kYoung).session};
  const std::size_t before = rig.frames_in_use();
  LONGS_EQUAL(4, fanout.notify(all, kNotice, Delivery::every).value());
  LONGS_EQUAL(before + 2, rig.frames_in_use());
  rig.turn();
  for (const ConnectionId to : {kFirst, kSecond}) {
    CHECK_EQUAL(R"({"Type":"Chat","x":1.0})"sv, std::string_view(rig.edge.take_written(to)));
  }
  for (const ConnectionId to : {kOld, kYoung}) {
    CHECK_EQUAL(R"(42["Chat",{"Type":"Chat","x":1.0}])"sv,
                std::string_view(rig.edge.take_written(to)));
  }
  LONGS_EQUAL(before, rig.frames_in_use());
}

TEST(FanoutNotify, EncodesNoDialectThatNobodySpeaks) {
  const SessionId page = rig.enter("4", kYoung).session;
  const SessionId one = terminal(kFirst);
  for (const SessionId session : {page, one}) {
    std::vector<FrameRef> taken;
    for (FrameRef x = rig.frame("x"); x != kNoFrame; x = rig.frame("x")) taken.push_back(x);
    rig.frames.release(taken.back());  // a second frame would be refused
    taken.pop_back();
    const std::uint64_t refusals = rig.frames.small_gauge().refusals;
    LONGS_EQUAL(1, fanout.notify({&session, 1}, kNotice, Delivery::every).value());
    LONGS_EQUAL(refusals, rig.frames.small_gauge().refusals);
    for (const FrameRef frame : taken) rig.frames.release(frame);
  }
}

TEST(FanoutNotify, TheLatestTakesThePlaceOfTheUnsentOne) {
  const std::vector<SessionId> both = {terminal(kFirst), rig.enter("4", kYoung).session};
  rig.edge.choked = {kFirst, kYoung};
  for (const std::string_view text : {"1", "2", "3"}) {
    LONGS_EQUAL(2, fanout.notify(both, {R"("Chat")", {&text, 1}}, Delivery::latest).value());
    rig.turn();
  }
  for (const SessionId session : both) LONGS_EQUAL(1, rig.sessions.outbox(session).size());
  rig.edge.choked.clear();
  terminals.writable(both[0]);
  rig.engine.writable(both[1]);
  rig.turn();
  CHECK_EQUAL("3"sv, std::string_view(rig.edge.take_written(kFirst)));
  CHECK_EQUAL(R"(42["Chat",3])"sv, std::string_view(rig.edge.take_written(kYoung)));
}

TEST(FanoutNotify, CountsOnlyThoseItWasQueuedFor) {
  const std::vector<SessionId> both = {terminal(kFirst), rig.enter("4", kYoung).session};
  rig.sessions.close(both[0], CloseReason::client_closed);
  LONGS_EQUAL(1, fanout.notify(both, kNotice, Delivery::every).value());
  rig.sessions.close(both[1], CloseReason::client_closed);
  LONGS_EQUAL(0, fanout.notify(both, kNotice, Delivery::every).value_or(0));
}

TEST(FanoutNotify, WithoutMemoryNobodyGetsItAndNoFrameIsLost) {
  const std::vector<SessionId> both = {terminal(kFirst), rig.enter("4", kYoung).session};
  std::vector<FrameRef> taken;
  for (FrameRef one = rig.frame("x"); one != kNoFrame; one = rig.frame("x")) taken.push_back(one);
  rig.frames.release(taken.back());  // room for one dialect, not for two
  taken.pop_back();
  const std::size_t before = rig.frames_in_use();
  CHECK(!fanout.notify(both, kNotice, Delivery::every));
  LONGS_EQUAL(before, rig.frames_in_use());
  for (const SessionId session : both) CHECK(rig.sessions.outbox(session).empty());
  for (const FrameRef one : taken) rig.frames.release(one);
}
