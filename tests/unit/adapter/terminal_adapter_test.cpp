#include "adapter/terminal_adapter.h"

#include <string>

#include "support/adapter_rig.h"
#include "support/call_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_literals;

TEST_GROUP(TerminalAdapter) {
  AdapterRig rig;
  TerminalAdapter adapter{rig.switchboard, rig.bearers, rig.sessions, rig.clock, 5};

  SessionId enter(std::string_view token) {
    const SessionId session = rig.open();
    CHECK(!adapter.on_admission(session, token, rig.now));
    adapter.on_open(session, rig.now);
    return session;
  }
  /// All that comes of a message, in short.
  std::string say(SessionId from, std::string_view text) {
    adapter.on_text(from, text, rig.now);
    return said();
  }
  std::string said() {
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

TEST(TerminalAdapter, AGoodTokenIsLetInAndListed) {
  const SessionId first = rig.open();
  CHECK(!adapter.on_admission(first, "token-of-1", rig.now));
  CHECK_FALSE(rig.switchboard.signed_in(first));
  CHECK(rig.effects.lines.empty());  // nothing may be sent before the 101
  adapter.on_open(first, rig.now);
  CHECK(rig.switchboard.signed_in(first));
  CHECK_EQUAL("latest 0 list \"1\""s, said());
  CHECK_EQUAL("甲"s, std::string(rig.switchboard.users().view(0).name));
}

TEST(TerminalAdapter, ABadTokenIsA401ThatSaysWhatIsWrong) {
  const struct {
    std::string_view token;
    std::string word;
  } rows[] = {{"", "missing"}, {"token-of-9", "unknown"}, {"stale", "expired"}};
  for (const auto& row : rows) {
    const SessionId session = rig.open();
    const auto refusal = adapter.on_admission(session, row.token, rig.now);
    CHECK(refusal.has_value());
    LONGS_EQUAL(401, refusal->status);
    CHECK_EQUAL(R"({"error":{"code":"unauthorised","message":"token: )" + row.word + "\"}}",
                std::string(refusal->body));
    STRCMP_CONTAINS("WWW-Authenticate: Bearer", std::string(refusal->extra_headers).c_str());
    CHECK(rig.bearers.verdict(session) == TokenVerdict::missing);
  }
  CHECK(rig.effects.lines.empty());
}

TEST(TerminalAdapter, AFullTableOfUsersIsA503) {
  rig.fill_users();
  const SessionId session = rig.open();
  const auto refusal = adapter.on_admission(session, "token-of-1", rig.now);
  CHECK(refusal.has_value());
  LONGS_EQUAL(503, refusal->status);
  STRCMP_CONTAINS("Retry-After: ", std::string(refusal->extra_headers).c_str());
  CHECK(rig.bearers.passport(session) == nullptr);
  LONGS_EQUAL(1, rig.switchboard.users().gauge().refusals);
}

TEST(TerminalAdapter, WhoLosesTheLastPlaceWhileTheUpgradeIsAnsweredIsClosed) {
  const SessionId session = rig.open();
  CHECK(!adapter.on_admission(session, "token-of-1", rig.now));
  rig.fill_users();
  adapter.on_open(session, rig.now);
  CHECK_FALSE(rig.sessions.alive(session));
  adapter.on_ended(session, CloseReason::out_of_memory);  // never signed in: no harm
  CHECK(rig.effects.lines.empty());
}

TEST(TerminalAdapter, FramesReachTheRules) {
  const SessionId first = enter("token-of-1");
  enter("token-of-2");
  said();
  const std::string call =
      R"({"Sender":"1","Receiver":"2","Type":"Event","Message":{"Event":"Call","Data":{"n":1.0}}})";
  CHECK_EQUAL(
      "notify 1 event 1>2 #1 {\"Event\":\"Call\",\"Data\":{\"n\":1.0}}\n"
      "notify 0 receipt #1 Call 2 delivered 1"s,
      say(first, call));
  STRCMP_CONTAINS("notify 0 heartbeat", say(first, "heart check").c_str());
}

TEST(TerminalAdapter, WhatIsNoFrameIsToldToItsSender) {
  const SessionId first = enter("token-of-1");
  enter("token-of-2");
  said();
  STRCMP_CONTAINS("notify 0 error malformed: ", say(first, "heart check ").c_str());
  STRCMP_CONTAINS("notify 0 error malformed: ", say(first, "").c_str());
  CHECK_EQUAL("notify 0 error no_type: Type is missing"s, say(first, "{}"));
  STRCMP_CONTAINS("notify 0 error malformed: ", say(first, "[[[[[[]]]]]]").c_str());  // too deep
  adapter.on_binary(first);
  CHECK_EQUAL("notify 0 error binary: frames are text"s, said());
  adapter.on_too_big(first);
  CHECK_EQUAL("notify 0 error too_large: the frame is longer than limits.message_bytes"s, said());
  LONGS_EQUAL(6, rig.switchboard.counters().errors);
}

TEST(TerminalAdapter, AGoodbyeOrARevokedTokenIsALogoutAndAllElseALoss) {
  for (std::size_t i = 0; i < kCloseReasons; ++i) {
    const auto reason = static_cast<CloseReason>(i);
    AdapterRig fresh;
    TerminalAdapter its{fresh.switchboard, fresh.bearers, fresh.sessions, fresh.clock, 5};
    const SessionId session = fresh.open();
    CHECK(!its.on_admission(session, "token-of-1", fresh.now));
    its.on_open(session, fresh.now);
    its.on_ended(session, reason);
    const bool logout = reason == CloseReason::client_closed || reason == CloseReason::token_ended;
    LONGS_EQUAL_TEXT(logout ? 0 : 1, fresh.switchboard.users().listed().size(),
                     std::string(close_reason_name(reason)).c_str());
    CHECK_FALSE(fresh.switchboard.signed_in(session));
    CHECK(fresh.bearers.passport(session) == nullptr);
  }
}
