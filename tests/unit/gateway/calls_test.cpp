#include "gateway/calls.h"

#include <string>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(Calls) {
  Calls calls{{.calls = 3, .first_id = 100}};

  static Moment at(std::int64_t ms) {
    return {Instant{Duration{ms}}, WallTime{Duration{ms}}};
  }
  CallSlot ring(UserSlot caller, UserSlot callee, std::int64_t ms = 0) {
    return calls.ring({.caller = caller, .callee = callee}, std::to_string(caller),
                      std::to_string(callee), at(ms));
  }
  CallSlot miss(std::string_view callee, std::int64_t ms = 0) {
    return calls.missed_call("1", callee, at(ms).wall);
  }
};

TEST(Calls, ACallRingsIsAcceptedAndEnds) {
  const CallSlot slot = ring(1, 2, 5);
  const Call& call = calls.at(slot);
  CHECK(call.state == CallState::ringing);
  LONGS_EQUAL(100, call.id);
  CHECK_EQUAL("1"sv, call.caller.view());
  CHECK_EQUAL("2"sv, call.callee.view());
  LONGS_EQUAL(1, calls.active().size());
  calls.accept(slot, at(6).wall);
  CHECK(calls.next_due() == kNever);
  calls.end(slot, CallEnd::hung_up, at(9).wall);
  CHECK(call.state == CallState::ended);
  CHECK_FALSE(call.missed);
  LONGS_EQUAL(5, call.started.time_since_epoch().count());
  LONGS_EQUAL(6, call.accepted.time_since_epoch().count());
  LONGS_EQUAL(9, call.ended.time_since_epoch().count());
  LONGS_EQUAL(0, calls.active().size());
  LONGS_EQUAL(1, calls.ended_count(CallEnd::hung_up));
}

TEST(Calls, RingsForExactlyThirtySecondsFromTheLastRing) {
  const CallSlot slot = ring(1, 2, 0);
  calls.ring_again(slot, at(10'000));
  CHECK(calls.pop_unanswered(at(39'999).now) == kNoCall);
  CHECK(calls.pop_unanswered(at(40'000).now) == slot);
  CHECK(calls.pop_unanswered(at(40'000).now) == kNoCall);
}

TEST(Calls, TheOldestThatIsOverGivesWay) {
  const CallSlot first = ring(1, 2);
  miss("a");
  miss("b");
  LONGS_EQUAL(3, calls.gauge().in_use);
  miss("c");  // "a" goes: the first one is still under way
  CHECK(calls.next_missed("a", 0) == kNoCall);
  CHECK(calls.next_missed("b", 0) != kNoCall);
  CHECK(calls.next_missed("c", 0) != kNoCall);
  CHECK(calls.at(first).state == CallState::ringing);
}

TEST(Calls, WhenAllAreUnderWayANewOneIsRefused) {
  for (const UserSlot caller : {1U, 2U, 3U}) CHECK(ring(caller, 9) != kNoCall);
  CHECK(ring(4, 9) == kNoCall);
  CHECK(miss("x") == kNoCall);
  LONGS_EQUAL(2, calls.gauge().refusals);
  LONGS_EQUAL(3, calls.active().size());
}

TEST(Calls, MissedOnesAreFoundInOrderAndToldOnce) {
  const CallSlot first = miss("x");
  miss("y");
  const CallSlot second = miss("x");
  CHECK(calls.next_missed("x", 0) == first);
  CHECK(calls.next_missed("x", calls.at(first).id) == second);
  CHECK(calls.next_missed("x", calls.at(second).id) == kNoCall);
  calls.told(first);
  CHECK(calls.next_missed("x", 0) == second);
  CHECK_FALSE(calls.at(first).missed);
}

TEST(Calls, OnlyWhatNobodyAnsweredIsMissed) {
  for (const CallEnd how : {CallEnd::hung_up, CallEnd::declined, CallEnd::cancelled,
                            CallEnd::timeout, CallEnd::offline, CallEnd::lost}) {
    const CallSlot slot = ring(1, 2);
    calls.end(slot, how, {});
    CHECK(calls.at(slot).missed == (how == CallEnd::timeout || how == CallEnd::offline));
  }
}

TEST(Calls, KeepsAMessageThatFits) {
  const CallSlot slot = ring(1, 2);
  calls.keep_message(slot, "abc", "def");
  CHECK_EQUAL("abcdef"sv, calls.at(slot).message.view());
  calls.keep_message(slot, std::string(kCallMessageBytes, 'x'), "y");
  CHECK_EQUAL(""sv, calls.at(slot).message.view());
  calls.keep_message(slot, std::string(kCallMessageBytes - 1, 'x'), "y");
  LONGS_EQUAL(kCallMessageBytes, calls.at(slot).message.view().size());
}

TEST(Calls, EveryChangeIsReported) {
  const auto one_change = [this](CallSlot slot) {
    CHECK(calls.take_changed() == slot);
    CHECK_FALSE(calls.changed());
  };
  const CallSlot slot = ring(1, 2);
  one_change(slot);
  calls.keep_message(slot, "x", "");
  one_change(slot);
  calls.accept(slot, {});
  one_change(slot);
  calls.end(slot, CallEnd::hung_up, {});
  one_change(slot);
  const CallSlot missed = miss("x");
  one_change(missed);
  calls.told(missed);
  one_change(missed);
}

TEST(Calls, NamesReadBack) {
  for (const CallState state : {CallState::ringing, CallState::accepted, CallState::ended}) {
    CHECK(parse_call_state(call_state_name(state)) == state);
  }
  for (std::size_t i = 0; i < kCallEnds; ++i) {
    CHECK(parse_call_end(call_end_name(static_cast<CallEnd>(i))) == static_cast<CallEnd>(i));
  }
  CHECK_FALSE(parse_call_state("free").has_value());  // no row is written for one
  CHECK_FALSE(parse_call_end("lunch").has_value());
}
