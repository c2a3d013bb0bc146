// The life of a call, rule by rule (contract section 3).
#include <string>

#include "gateway/switchboard.h"
#include "support/call_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_literals;

namespace {

constexpr const char* kNoSuchCall = "there is no such call, or it is over";

std::string event(const char* to, const char* parties, const char* id, const char* name) {
  return "notify "s + to + " event " + parties + " #" + id + " {\"Event\":\"" + name +
         "\",\"Data\":{}}";
}

}  // namespace

TEST_GROUP(SwitchboardCalls) {
  CallRig rig;

  void setup() override {
    rig.two();
  }
  void ring() {
    rig.say(1, "2", "Call");
    CHECK_EQUAL("ringing"s, rig.call(100));
  }
  void talk() {
    ring();
    rig.say(2, "1", "Accept");
    CHECK_EQUAL("accepted"s, rig.call(100));
  }
  void refused(const std::string& said, const char* reason) {
    STRCMP_CONTAINS((" refused: "s + reason).c_str(), said.c_str());
    CHECK_FALSE(said.find('\n') != said.npos);  // nobody else hears of it
  }
};

TEST(SwitchboardCalls, ACallRingsAtTheCallee) {
  CHECK_EQUAL(event("2", "1>2", "100", "Call") + "\nnotify 1 receipt #100 Call 2 delivered 1",
              rig.say(1, "2", "Call"));
  CHECK_EQUAL("ringing"s, rig.call(100));
  LONGS_EQUAL(1, rig.board.calls().gauge().in_use);
}

TEST(SwitchboardCalls, NobodyCallsThemselves) {
  rig.in(11, "1");
  rig.take();
  refused(rig.say(1, "1", "Call"), "nobody can call themselves");
  LONGS_EQUAL(0, rig.board.calls().gauge().in_use);
}

TEST(SwitchboardCalls, WhoIsAwayIsMissed) {
  CHECK_EQUAL("notify 1 receipt #100 Call ghost offline 0"s, rig.say(1, "ghost", "Call"));
  CHECK_EQUAL("ended offline missed"s, rig.call(100));
  rig.out(2);
  CHECK_EQUAL("notify 1 receipt #101 Call 2 offline 0"s, rig.say(1, "2", "Call"));
  CHECK_EQUAL("ended offline missed"s, rig.call(101));
}

TEST(SwitchboardCalls, WhatNobodyGotIsMissed) {
  rig.effects.deaf_index = 2;
  STRCMP_CONTAINS("receipt #100 Call 2 offline 0", rig.say(1, "2", "Call").c_str());
  CHECK_EQUAL("ended offline missed"s, rig.call(100));
}

TEST(SwitchboardCalls, CallingAgainWhileItRingsIsTheSameCall) {
  ring();
  rig.pass(29999);
  CHECK_EQUAL(event("2", "1>2", "100", "Call") + "\nnotify 1 receipt #100 Call 2 delivered 1",
              rig.say(1, "2", "Call"));
  LONGS_EQUAL(1, rig.board.calls().gauge().in_use);
  CHECK_EQUAL(""s, rig.pass(29999));
  CHECK_EQUAL("ringing"s, rig.call(100));
  rig.pass(1);
  CHECK_EQUAL("ended timeout missed"s, rig.call(100));
}

TEST(SwitchboardCalls, CallsInBothDirectionsAreTwoCalls) {
  ring();
  STRCMP_CONTAINS("event 2>1 #101 ", rig.say(2, "1", "Call").c_str());
  // Without an id each means the call in which it has the part.
  STRCMP_CONTAINS(" #101 Accept 2 delivered", rig.say(1, "2", "Accept").c_str());
  STRCMP_CONTAINS(" #100 Accept 1 delivered", rig.say(2, "1", "Accept").c_str());
}

// --- Accept and decline --------------------------------------------------------------------------

TEST(SwitchboardCalls, TheCalleeAcceptsWithTheIdOrWithout) {
  ring();
  CHECK_EQUAL(event("1", "2>1", "100", "Accept") + "\nnotify 2 receipt #100 Accept 1 delivered 1",
              rig.say(2, "1", "Accept", 100));
  CHECK_EQUAL("accepted"s, rig.call(100));
  rig.say(2, "1", "Hangup");
  rig.say(1, "2", "Call");
  CHECK_EQUAL(event("1", "2>1", "101", "Accept") + "\nnotify 2 receipt #101 Accept 1 delivered 1",
              rig.say(2, "1", "Accept"));
}

TEST(SwitchboardCalls, TheFirstAcceptWins) {
  rig.in(12, "2");
  rig.in(22, "2");
  rig.settle();
  ring();
  CHECK_EQUAL(event("1", "2>1", "100", "Accept") +
                  "\nnotify 12 receipt #100 Accept 1 delivered 1\nnotify 22,2 event 1>2 #100 "
                  R"({"Event":"Cancel","Data":{"reason":"accepted_elsewhere"}})",
              rig.say(12, "1", "Accept", 100));
  refused(rig.say(2, "1", "Accept", 100), "the call was accepted already");
  refused(rig.say(22, "1", "Decline", 100), "the call was accepted already");
  CHECK_EQUAL("accepted"s, rig.call(100));
}

TEST(SwitchboardCalls, ADeclineSilencesTheOthers) {
  rig.in(12, "2");
  rig.settle();
  ring();
  CHECK_EQUAL(event("1", "2>1", "100", "Decline") +
                  "\nnotify 2 receipt #100 Decline 1 delivered 1\nnotify 12 event 1>2 #100 "
                  R"({"Event":"Cancel","Data":{"reason":"declined_elsewhere"}})",
              rig.say(2, "1", "Decline"));
  CHECK_EQUAL("ended declined"s, rig.call(100));
}

TEST(SwitchboardCalls, OnlyTheCalleeAcceptsOrDeclines) {
  ring();
  for (const char* word : {"Accept", "Decline"}) {
    refused(rig.say(1, "2", word, 100), "only the callee can accept or decline a call");
    refused(rig.say(1, "2", word), kNoSuchCall);
  }
  CHECK_EQUAL("ringing"s, rig.call(100));
}

TEST(SwitchboardCalls, OnlyTheCallerCancels) {
  ring();
  refused(rig.say(2, "1", "Cancel", 100), "only the caller can cancel a call");
  refused(rig.say(2, "1", "Cancel"), kNoSuchCall);
  CHECK_EQUAL(event("2", "1>2", "100", "Cancel") + "\nnotify 1 receipt #100 Cancel 2 delivered 1",
              rig.say(1, "2", "Cancel", 100));
  CHECK_EQUAL("ended cancelled"s, rig.call(100));
}

TEST(SwitchboardCalls, AnAcceptedCallIsNoLongerAnsweredOrCancelled) {
  talk();
  refused(rig.say(2, "1", "Decline"), "the call was accepted already");
  refused(rig.say(1, "2", "Cancel", 100), "the call was accepted already");
  refused(rig.say(1, "2", "Cancel"), "the call was accepted already");
  CHECK_EQUAL("accepted"s, rig.call(100));
}

TEST(SwitchboardCalls, StrangersCannotTouchACall) {
  rig.in(3, "3");
  rig.settle();
  ring();
  for (const char* word : {"Accept", "Decline", "Cancel", "Hangup"}) {
    refused(rig.say(3, "1", word, 100), kNoSuchCall);
    refused(rig.say(3, "2", word, 100), kNoSuchCall);
    refused(rig.say(3, "2", word), kNoSuchCall);
    refused(rig.say(2, "3", word, 100), kNoSuchCall);  // of the call, but not with this one
    refused(rig.say(2, "ghost", word, 100), kNoSuchCall);
    refused(rig.say(2, "1", word, 101), kNoSuchCall);
  }
  CHECK_EQUAL("ringing"s, rig.call(100));
}

TEST(SwitchboardCalls, AnEndedCallIsOver) {
  for (const char* last : {"Cancel", "Decline"}) {
    rig.say(1, "2", "Call");
    rig.say(last == "Cancel"s ? 1 : 2, last == "Cancel"s ? "2" : "1", last);
  }
  rig.say(1, "2", "Call");
  rig.say(2, "1", "Accept");
  rig.say(1, "2", "Hangup");
  for (std::uint64_t id = 100; id < 103; ++id) {
    for (const char* word : {"Accept", "Decline", "Cancel", "Hangup"}) {
      refused(rig.say(1, "2", word, id), kNoSuchCall);
      refused(rig.say(2, "1", word, id), kNoSuchCall);
      refused(rig.say(2, "1", word), kNoSuchCall);
    }
  }
}

// --- Hangup --------------------------------------------------------------------------------------

TEST(SwitchboardCalls, EitherHangsUp) {
  talk();
  CHECK_EQUAL(event("2", "1>2", "100", "Hangup") + "\nnotify 1 receipt #100 Hangup 2 delivered 1",
              rig.say(1, "2", "Hangup"));
  CHECK_EQUAL("ended hung_up"s, rig.call(100));
  rig.say(1, "2", "Call");
  rig.say(2, "1", "Accept");
  CHECK_EQUAL(event("1", "2>1", "101", "Hangup") + "\nnotify 2 receipt #101 Hangup 1 delivered 1",
              rig.say(2, "1", "Hangup", 101));
  CHECK_EQUAL("ended hung_up"s, rig.call(101));
}

TEST(SwitchboardCalls, HangingUpWhileItRingsCancelsOrDeclines) {
  ring();
  rig.say(1, "2", "Hangup");
  CHECK_EQUAL("ended cancelled"s, rig.call(100));
  rig.say(1, "2", "Call");
  rig.say(2, "1", "Hangup", 101);
  CHECK_EQUAL("ended declined"s, rig.call(101));
}

TEST(SwitchboardCalls, WithoutAnIdTheOneIsMeantInWhichTheSenderHasThatPart) {
  ring();
  rig.say(2, "1", "Call");  // both ring at once
  CHECK_EQUAL("ringing"s, rig.call(101));
  rig.say(2, "1", "Accept");
  CHECK_EQUAL("accepted"s, rig.call(100));
  CHECK_EQUAL("ringing"s, rig.call(101));
  rig.say(2, "1", "Cancel");
  CHECK_EQUAL("ended cancelled"s, rig.call(101));
  rig.say(2, "1", "Hangup");
  CHECK_EQUAL("ended hung_up"s, rig.call(100));
}

TEST(SwitchboardCalls, WhoCallsAgainIsNotInTheEarlierCallAnyMore) {
  talk();
  const std::string hangup = R"({"Event":"Hangup","Data":{"reason":"called_again"}})";
  CHECK_EQUAL("notify 2 event 1>2 #100 " + hangup + "\n" + event("2", "1>2", "101", "Call") +
                  "\nnotify 1 receipt #101 Call 2 delivered 1",
              rig.say(1, "2", "Call"));
  CHECK_EQUAL("ended hung_up"s, rig.call(100));
  rig.say(2, "1", "Accept");
  STRCMP_CONTAINS("notify 1 event 2>1 #101 ", rig.say(2, "1", "Call").c_str());  // either of them
  CHECK_EQUAL("ended hung_up"s, rig.call(101));
  LONGS_EQUAL(1, rig.board.calls().active().size());
}

TEST(SwitchboardCalls, CallingAgainWhileTheCalleeComesBackIsTheSameCall) {
  ring();
  rig.out(2);
  CHECK_EQUAL("notify 1 receipt #100 Call 2 offline 0"s, rig.say(1, "2", "Call"));
  CHECK_EQUAL("ringing"s, rig.call(100));
  CHECK_EQUAL("none"s, rig.call(101));
  rig.in(22, "2");
  STRCMP_CONTAINS(event("22", "1>2", "100", "Call").c_str(), rig.take().c_str());
}

TEST(SwitchboardCalls, NobodyAcceptsACallOfOneWhoIsAway) {
  ring();
  rig.out(1);
  refused(rig.say(2, "1", "Accept"), "the caller is not connected at the moment");
  CHECK_EQUAL("ringing"s, rig.call(100));
  rig.in(11, "1");
  rig.take();
  rig.say(2, "1", "Accept");
  CHECK_EQUAL("accepted"s, rig.call(100));
}

// --- Timeout -------------------------------------------------------------------------------------

TEST(SwitchboardCalls, NobodyRingsForMoreThanHalfAMinute) {
  rig.in(12, "2");
  rig.settle();
  ring();
  LONGS_EQUAL(rig.now_ms + 30000, rig.board.next_due().time_since_epoch().count());
  CHECK_EQUAL(""s, rig.pass(29999));
  const std::string cancel = R"({"Event":"Cancel","Data":{"reason":"timeout"}})";
  CHECK_EQUAL("notify 12,2 event 1>2 #100 " + cancel + "\nnotify 1 event 2>1 #100 " + cancel,
              rig.pass(1));
  CHECK_EQUAL("ended timeout missed"s, rig.call(100));
  CHECK(rig.board.next_due() == kNever);
}

TEST(SwitchboardCalls, AnAcceptedCallHasNoTimeout) {
  talk();
  CHECK(rig.board.next_due() == kNever);
  CHECK_EQUAL(""s, rig.pass(3600000));
  CHECK_EQUAL("accepted"s, rig.call(100));
}

TEST(SwitchboardCalls, StepsOfTheWallClockMoveNoDeadline) {
  ring();
  rig.wall_ms -= 86400000;
  CHECK_EQUAL(""s, rig.pass(15000));
  rig.wall_ms += 10 * 86400000LL;
  CHECK_EQUAL(""s, rig.pass(14999));
  rig.wall_ms = -5;
  CHECK(!rig.pass(1).empty());
  CHECK_EQUAL("ended timeout missed"s, rig.call(100));
}

// --- Limits --------------------------------------------------------------------------------------

TEST(SwitchboardCalls, AFullTableRefusesNewCallsOnly) {
  SwitchboardOptions options = CallRig::defaults();
  options.calls.calls = 1;
  CallRig small(options);
  small.two();
  small.in(3, "3");
  small.settle();
  small.say(1, "2", "Call");
  refused(small.say(3, "2", "Call"), "the table of calls is full");
  refused(small.say(3, "ghost", "Call"), "the table of calls is full");
  LONGS_EQUAL(2, small.board.calls().gauge().refusals);
  STRCMP_CONTAINS(" #100 Accept 1 delivered", small.say(2, "1", "Accept").c_str());
  small.say(2, "1", "Hangup");
  STRCMP_CONTAINS("receipt #101 Call 2 delivered 1", small.say(3, "2", "Call").c_str());
}
