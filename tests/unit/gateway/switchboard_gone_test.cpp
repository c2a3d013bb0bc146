// People who go while they call, and those who come back: missed calls, calls that ring still.
#include <string>

#include "gateway/switchboard.h"
#include "support/call_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_literals;

namespace {

std::string own(const char* to, const char* parties, const char* event, const char* reason) {
  return "notify "s + to + " event " + parties + " #100 {\"Event\":\"" + event +
         "\",\"Data\":{\"reason\":\"" + reason + "\"}}";
}

}  // namespace

TEST_GROUP(SwitchboardGone) {
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
  /// The frames of missed calls that a login brings: how many calls each has.
  std::string missed_at_login(std::uint32_t index, const char* user) {
    rig.in(index, user);
    std::string counts;
    for (const std::string& line : rig.effects.lines) {
      const auto at = line.find("{\"Type\":\"Missed\"");
      if (at == line.npos) continue;
      const std::string_view json = std::string_view(line).substr(at);
      CHECK(!json_check(json, 16));
      JsonElements calls(*json_find(json, "Message"));
      std::string_view call;
      int count = 0;
      while (calls.next(call)) ++count;
      counts.append(counts.empty() ? "" : ",").append(std::to_string(count));
    }
    rig.effects.take();
    return counts;
  }
};

// --- Gone during a call --------------------------------------------------------------------------

TEST(SwitchboardGone, ACallersLogoutCancelsAtOnce) {
  ring();
  rig.out(1, Farewell::logout);
  CHECK_EQUAL("latest 2 list \"2\"\n" + own("2", "1>2", "Cancel", "offline"), rig.take());
  CHECK_EQUAL("ended cancelled"s, rig.call(100));
}

TEST(SwitchboardGone, ACallersLossCancelsAfterTheGrace) {
  ring();
  rig.out(1);
  CHECK_EQUAL(""s, rig.pass(4999));
  CHECK_EQUAL("ringing"s, rig.call(100));
  CHECK_EQUAL("latest 2 list \"2\"\n" + own("2", "1>2", "Cancel", "offline"), rig.pass(1));
}

TEST(SwitchboardGone, ACalleesLogoutEndsTheRingingAndIsMissed) {
  ring();
  rig.out(2, Farewell::logout);
  CHECK_EQUAL("latest 1 list \"1\"\n" + own("1", "2>1", "Cancel", "offline"), rig.take());
  CHECK_EQUAL("ended offline missed"s, rig.call(100));
}

TEST(SwitchboardGone, WhoGoesFromAConversationHangsUp) {
  talk();
  rig.out(2);
  rig.pass(4999);
  CHECK_EQUAL("accepted"s, rig.call(100));
  CHECK_EQUAL("latest 1 list \"1\"\n" + own("1", "2>1", "Hangup", "offline"), rig.pass(1));
  CHECK_EQUAL("ended lost"s, rig.call(100));
}

TEST(SwitchboardGone, ARefreshedPageKeepsItsCall) {
  talk();
  rig.out(1);
  rig.pass(4000);
  rig.in(11, "1");
  rig.pass(60000);
  CHECK_EQUAL("accepted"s, rig.call(100));
  STRCMP_CONTAINS(" #100 Hangup 2 delivered", rig.say(11, "2", "Hangup", 100).c_str());
}

TEST(SwitchboardGone, WhoGoesEndsAllTheirCallsAndNobodyElses) {
  rig.in(3, "3");
  rig.in(4, "4");
  rig.settle();
  rig.say(1, "2", "Call");  // 100
  rig.say(3, "1", "Call");  // 101
  rig.say(3, "4", "Call");  // 102
  rig.say(4, "1", "Call");  // 103
  rig.out(1, Farewell::logout);
  CHECK_EQUAL("ended cancelled"s, rig.call(100));
  CHECK_EQUAL("ended offline missed"s, rig.call(101));
  CHECK_EQUAL("ringing"s, rig.call(102));
  CHECK_EQUAL("ended offline missed"s, rig.call(103));
}

TEST(SwitchboardGone, BothMayGoAtOnce) {
  ring();
  rig.out(1);
  rig.out(2);
  CHECK_EQUAL(""s, rig.pass(5000));
  CHECK(rig.call(100).starts_with("ended"));
  CHECK_EQUAL(""s, rig.pass(100));
  CHECK(rig.board.next_due() == kNever);
}

// --- Ringing at those who come later -------------------------------------------------------------

TEST(SwitchboardGone, ALateTerminalOfTheCalleeRingsToo) {
  const std::string message =
      R"({"Event":"Call","Data":{"sender":"甲", "n":12345678901234567890}})";
  rig.frame(1, R"({"Type":"Event","Receiver":"2","Message":)" + message + "}");
  rig.in(12, "2");
  CHECK_EQUAL("latest 12 list \"1\",\"2\"\nnotify 12 event 1>2 #100 " + message, rig.take());
  rig.say(12, "1", "Accept", 100);
  rig.in(22, "2");
  CHECK_EQUAL("latest 22 list \"1\",\"2\""s, rig.take());
}

TEST(SwitchboardGone, TheCallersNewTerminalDoesNotRing) {
  ring();
  rig.in(11, "1");
  CHECK_EQUAL("latest 11 list \"1\",\"2\""s, rig.take());
}

TEST(SwitchboardGone, AMessageTooLongToKeepRingsLaterWithoutItsData) {
  rig.frame(1, R"({"Type":"Event","Receiver":"2","Message":{"Event":"Call","Data":")" +
                   std::string(kCallMessageBytes, 'x') + "\"}}");
  rig.in(12, "2");
  STRCMP_CONTAINS("notify 12 event 1>2 #100 {\"Event\":\"Call\",\"Data\":{}}", rig.take().c_str());
}

// --- Missed calls --------------------------------------------------------------------------------

TEST(SwitchboardGone, MissedCallsAreToldAtTheNextLoginOnce) {
  rig.frame(1, R"({"Type":"Event","Receiver":"9","Message":{"Event":"Call","Data":{"n":1.0}}})");
  rig.settle();
  rig.in(9, "9");
  const std::string said = rig.take();
  STRCMP_CONTAINS("\nnotify 9 missed [{\"Id\":\"100\",\"Sender\":\"1\",\"SendTime\":\"2020-",
                  said.c_str());
  STRCMP_CONTAINS(
      "\",\"Reason\":\"offline\",\"Message\":{\"Event\":\"Call\",\"Data\":{\"n\":1.0}}}]",
      said.c_str());
  CHECK_EQUAL("ended offline"s, rig.call(100));
  CHECK_EQUAL(""s, missed_at_login(19, "9"));
  CHECK_EQUAL(""s, missed_at_login(29, "1"));
}

TEST(SwitchboardGone, AnUnansweredCallIsMissedAtTheNextLogin) {
  ring();
  rig.pass(30000);
  CHECK_EQUAL("1"s, missed_at_login(12, "2"));
  CHECK_EQUAL(""s, missed_at_login(22, "2"));
}

TEST(SwitchboardGone, CallsThatWereAnsweredAreNotMissed) {
  talk();
  rig.say(1, "2", "Hangup");
  rig.say(1, "2", "Call");
  rig.say(2, "1", "Decline");
  rig.say(1, "2", "Call");
  rig.say(1, "2", "Cancel");
  CHECK_EQUAL(""s, missed_at_login(12, "2"));
}

TEST(SwitchboardGone, ManyMissedCallsComeInSeveralFrames) {
  for (int i = 0; i < 18; ++i) rig.say(1, "9", "Call");
  CHECK_EQUAL("16,2"s, missed_at_login(9, "9"));
  CHECK_EQUAL(""s, missed_at_login(19, "9"));
}

TEST(SwitchboardGone, TheLongestMissedCallsFitTheirFrame) {
  SwitchboardOptions options = CallRig::defaults();
  options.calls.first_id = 18446744073709000000U;
  CallRig wide(options);
  const std::string caller(kUserIdBytes, 'c');
  wide.in(1, caller);
  const std::string head = R"({"Event":"Call","Data":")";
  const std::string message = head + std::string(kCallMessageBytes - head.size() - 2, 'x') + "\"}";
  for (int i = 0; i < 16; ++i) {
    wide.frame(1, R"({"Type":"Event","Receiver":"9","Message":)" + message + "}");
  }
  wide.in(9, "9");
  const std::string said = wide.take();
  STRCMP_CONTAINS("notify 9 missed [{", said.c_str());
  std::size_t found = 0;
  for (auto at = said.find(message); at != said.npos; at = said.find(message, at + 1)) ++found;
  LONGS_EQUAL(16, found);
}

TEST(SwitchboardGone, WithoutMemoryMissedCallsStayForTheNextLogin) {
  for (int i = 0; i < 18; ++i) rig.say(1, "9", "Call");
  rig.settle();
  rig.effects.notices_until_no_memory = 2;  // the list and the first frame
  rig.in(9, "9");
  rig.effects.notices_until_no_memory = -1;
  rig.effects.take();
  CHECK_EQUAL("2"s, missed_at_login(19, "9"));
}

TEST(SwitchboardGone, ATerminalThatCouldNotTakeMissedCallsGetsThemNextTime) {
  rig.say(1, "9", "Call");
  rig.effects.deaf_index = 9;
  rig.in(9, "9");
  rig.effects.deaf_index = 0xffffffff;
  rig.effects.take();
  CHECK_EQUAL("1"s, missed_at_login(19, "9"));
}

// --- Without memory ------------------------------------------------------------------------------

TEST(SwitchboardGone, WhoCannotBeToldThatItIsOverIsClosed) {
  rig.in(12, "2");
  rig.settle();
  ring();
  rig.effects.no_memory = true;
  const std::string cancel = R"({"Event":"Cancel","Data":{"reason":"timeout"}})";
  CHECK_EQUAL("no memory 12,2 event 1>2 #100 " + cancel + "\nclose 12\nclose 2\n" +
                  "no memory 1 event 2>1 #100 " + cancel + "\nclose 1",
              rig.pass(30000));
}

TEST(SwitchboardGone, WhoMissesAnAnswerForWantOfMemoryIsClosed) {
  // An event of a call that does not reach the other side would leave it ringing for ever.
  rig.in(12, "2");
  rig.settle();
  ring();
  rig.effects.no_memory = true;
  CHECK_EQUAL(
      "no memory 12,2 event 1>2 #100 {\"Event\":\"Cancel\",\"Data\":{}}\n"
      "close 12\nclose 2\nno memory 1 receipt #100 Cancel 2 offline 0\nclose 1"s,
      rig.say(1, "2", "Cancel"));
  CHECK_EQUAL("ended cancelled"s, rig.call(100));
}

TEST(SwitchboardGone, ALateTerminalThatCannotRingIsClosed) {
  ring();
  rig.effects.notices_until_no_memory = 1;  // the list
  rig.in(12, "2");
  CHECK_EQUAL(
      "latest 12 list \"1\",\"2\"\nno memory 12 event 1>2 #100 "
      "{\"Event\":\"Call\",\"Data\":{}}\nclose 12"s,
      rig.take());
  CHECK_EQUAL("ringing"s, rig.call(100));
}

TEST(SwitchboardGone, ACallCancelledWhileTheCalleeWasAwayIsMissed) {
  ring();
  rig.out(2);
  rig.say(1, "2", "Cancel");
  CHECK_EQUAL("ended cancelled missed"s, rig.call(100));
  CHECK_EQUAL("1"s, missed_at_login(22, "2"));
  CHECK_EQUAL("ended cancelled"s, rig.call(100));
}

TEST(SwitchboardGone, ACallerWhoGoesWhileTheCalleeIsAwayIsMissed) {
  ring();
  rig.out(2);
  rig.out(1, Farewell::logout);
  CHECK_EQUAL("ended cancelled missed"s, rig.call(100));
}

TEST(SwitchboardGone, ALoginGetsNoMoreThanItsQueueHolds) {
  CallRig busy({.users = {.users = 3, .sessions = 8},
                .presence = {},
                .calls = {.calls = 200, .first_id = 100}});
  busy.in(1, "1");
  for (int i = 0; i < 200; ++i) busy.say(1, "2", "Call");
  busy.take();
  busy.in(2, "2");
  LONGS_EQUAL(1 + kMissedFrames, busy.effects.lines.size());  // the list, and missed calls
  busy.effects.take();
  busy.in(3, "2");
  LONGS_EQUAL(1 + 5, busy.effects.lines.size());  // the other 72
}
