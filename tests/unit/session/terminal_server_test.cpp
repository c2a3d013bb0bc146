#include "session/terminal_server.h"

#include <string>
#include <utility>

#include "support/fake_transport.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

/// Lets everybody in but the token "bad", and writes down what it hears.
class Hearing final : public TerminalHandler {
 public:
  std::optional<HttpAnswer> on_admission(SessionId, std::string_view token, Instant) override {
    if (token == "bad") return HttpAnswer{401, "text/plain", "no"};
    return std::nullopt;
  }
  void on_open(SessionId, Instant) override { heard += "open;"; }
  void on_text(SessionId, std::string_view text, Instant) override {
    heard.append(text).append(";");
  }
  void on_binary(SessionId) override { heard += "binary;"; }
  void on_too_big(SessionId) override { heard += "too big;"; }
  void on_ended(SessionId, CloseReason reason) override {
    heard.append(close_reason_name(reason)).append(";");
  }
  std::string take() { return std::exchange(heard, {}); }

  std::string heard;
};

constexpr ConnectionId kLine = connection(3);

}  // namespace

TEST_GROUP(TerminalServer) {
  FramePool frames{{.small_frames = 80, .small_bytes = 32, .large_frames = 1, .large_bytes = 64}};
  SessionTable sessions{{.sessions = 2, .queue_bytes = 4096}, frames};
  FakeTransport edge;
  Hearing handler;
  TerminalServer server{{.messages_per_10s = 5}, sessions, edge, handler};
  Instant now{Duration{1000}};

  UpgradeDecision upgrade(ConnectionId connection = kLine, std::string_view token = "good") {
    return server.upgrade({.token = token, .connection = connection}, now);
  }
  SessionId open(ConnectionId connection = kLine) {
    const SessionId session = upgrade(connection).session;
    server.websocket_open(session, connection, now);
    handler.take();
    return session;
  }
  void text(SessionId session, std::string message) {
    server.websocket_message(session, kLine, false, message, now);
  }
  void send(SessionId session, std::string_view message) {
    const FrameRef frame = sessions.build("", {&message, 1});
    sessions.send(session, frame);
    frames.release(frame);
  }
  void after(std::int64_t ms) {
    now += Duration{ms};
    server.expire(now);
    sessions.flush_dirty();
    sessions.reap();
  }
  WebSocketClose close_code() {
    return edge.closes.back().code;
  }
};

TEST(TerminalServer, LetsInAndTellsWhenFramesMayGo) {
  const UpgradeDecision decision = upgrade();
  CHECK(decision.verdict == UpgradeVerdict::accept);
  CHECK_EQUAL(""sv, std::string_view(handler.heard));
  server.websocket_open(decision.session, kLine, now);
  CHECK_EQUAL("open;"sv, std::string_view(handler.take()));
  text(decision.session, "hello");
  CHECK_EQUAL("hello;"sv, std::string_view(handler.take()));
  send(decision.session, "a");
  send(decision.session, "b");
  sessions.flush_dirty();
  CHECK_EQUAL("a|b"sv, std::string_view(edge.take_written(kLine)));
  LONGS_EQUAL(1, edge.writes);
}

TEST(TerminalServer, WhoIsRefusedLeavesNothing) {
  const UpgradeDecision decision = upgrade(kLine, "bad");
  CHECK(decision.verdict == UpgradeVerdict::refuse);
  LONGS_EQUAL(401, decision.error.status);
  sessions.reap();
  LONGS_EQUAL(0, sessions.gauge().in_use);
  CHECK_EQUAL(""sv, std::string_view(handler.heard));
  CHECK(edge.closes.empty());
  CHECK(server.next_due() == kNever);
}

TEST(TerminalServer, AFullTableIsA503) {
  open(connection(1));
  open(connection(2));
  const UpgradeDecision decision = upgrade();
  CHECK(decision.verdict == UpgradeVerdict::refuse);
  LONGS_EQUAL(503, decision.error.status);
  LONGS_EQUAL(1, sessions.gauge().refusals);
}

TEST(TerminalServer, AConnectionThatIsGoneBeforeItOpenedIsNotHeardOf) {
  const SessionId session = upgrade().session;
  server.connection_closed(session, kLine, CloseReason::connection_lost);
  sessions.reap();
  CHECK_EQUAL(""sv, std::string_view(handler.heard));
  server.websocket_open(session, kLine, now);  // a stale id
  CHECK_EQUAL(""sv, std::string_view(handler.heard));
}

TEST(TerminalServer, TellsAGoodbyeFromALoss) {
  for (const CloseReason reason : {CloseReason::client_closed, CloseReason::connection_lost}) {
    const SessionId session = open();
    server.connection_closed(session, connection(9), reason);  // not its connection
    CHECK(sessions.alive(session));
    server.connection_closed(session, kLine, reason);
    sessions.reap();
    CHECK_EQUAL(std::string(close_reason_name(reason)) + ";", handler.take());
    CHECK(edge.closes.empty());  // there is nothing left to close
  }
}

TEST(TerminalServer, ClosesWithTheCodeOfTheReason) {
  const SessionId session = open();
  sessions.close(session, CloseReason::token_ended);
  sessions.reap();
  CHECK(close_code() == WebSocketClose::policy_violation);
  CHECK_EQUAL("token_ended"sv, std::string_view(edge.closes.back().reason));
}

TEST(TerminalServer, PingsTheSilentAndGivesUpTheDead) {
  open();
  after(24'999);
  CHECK_EQUAL(""sv, std::string_view(edge.take_written(kLine)));
  after(1);
  CHECK_EQUAL("broken frame"sv, std::string_view(edge.take_written(kLine)));  // no text: the ping
  after(19'999);
  CHECK_EQUAL(""sv, std::string_view(handler.take()));
  after(1);
  CHECK_EQUAL("ping_timeout;"sv, std::string_view(handler.take()));
  LONGS_EQUAL(1, edge.close_count(kLine));
  CHECK(server.next_due() == kNever);
}

TEST(TerminalServer, APongOrAnyFrameIsLife) {
  const SessionId session = open();
  after(25'000);
  server.websocket_pong(session, now);
  after(24'999);
  edge.take_written(kLine);
  after(1);
  CHECK_EQUAL("broken frame"sv, std::string_view(edge.take_written(kLine)));
  after(19'999);
  text(session, "x");
  after(20'000);
  CHECK_EQUAL("x;"sv, std::string_view(handler.take()));
}

TEST(TerminalServer, AFloodIsClosed) {
  const SessionId session = open();
  for (int i = 0; i < 4; ++i) text(session, "x");
  server.websocket_message(session, kLine, true, {}, now);
  CHECK_EQUAL("x;x;x;x;binary;"sv, std::string_view(handler.take()));
  CHECK(server.websocket_too_big(session, now));
  sessions.reap();
  CHECK_EQUAL("flooding;"sv, std::string_view(handler.take()));
  CHECK(close_code() == WebSocketClose::policy_violation);
  text(session, "after the end");
  CHECK_EQUAL(""sv, std::string_view(handler.take()));
}

TEST(TerminalServer, WhatIsTooBigIsSkippedAndTold) {
  const SessionId session = open();
  CHECK(server.websocket_too_big(session, now));
  CHECK_EQUAL("too big;"sv, std::string_view(handler.take()));
  CHECK(sessions.alive(session));
}

TEST(TerminalServer, WaitsForAWireThatTakesNothing) {
  const SessionId session = open();
  edge.choked = {kLine};
  send(session, "a");
  sessions.flush_dirty();
  CHECK_EQUAL(""sv, std::string_view(edge.take_written(kLine)));
  edge.choked.clear();
  server.writable(session);
  sessions.flush_dirty();
  CHECK_EQUAL("a"sv, std::string_view(edge.take_written(kLine)));
}

TEST(TerminalServer, AReaderThatStaysSlowIsClosedAndItsFramesAreFreed) {
  const SessionId session = open();
  const std::size_t before = frames.small_gauge().in_use;
  edge.choked = {kLine};
  for (std::size_t i = 0; i <= Outbox::kCapacity; ++i) send(session, "a");
  sessions.reap();
  CHECK_EQUAL("slow_reader;"sv, std::string_view(handler.take()));
  CHECK(close_code() == WebSocketClose::try_again_later);
  LONGS_EQUAL(before, frames.small_gauge().in_use);
}
