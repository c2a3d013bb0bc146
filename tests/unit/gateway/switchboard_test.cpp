#include "gateway/switchboard.h"

#include <string>

#include "support/call_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_literals;

TEST_GROUP(Switchboard) {
  CallRig rig;
};

// --- Coming and going ----------------------------------------------------------------------------

TEST(Switchboard, WhoComesIsListedAndTold) {
  CHECK(rig.in(1, "1"));
  CHECK_EQUAL(R"(latest 1 list "1")"s, rig.take());
  CHECK(rig.board.signed_in(CallRig::session(1)));
  CHECK_FALSE(rig.board.signed_in(CallRig::session(2)));
  rig.settle();
  CHECK(rig.in(2, "2"));
  CHECK_EQUAL(R"(latest 1,2 list "1","2")"s, rig.take());
}

TEST(Switchboard, WhoLogsOutIsOffTheListAtOnce) {
  rig.two();
  rig.out(2, Farewell::logout);
  CHECK_EQUAL(R"(latest 1 list "1")"s, rig.take());
  CHECK_FALSE(rig.board.signed_in(CallRig::session(2)));
}

TEST(Switchboard, WhoIsLostStaysListedForTheGrace) {
  rig.two();
  rig.out(2, Farewell::lost);
  CHECK_EQUAL(""s, rig.take());
  CHECK_EQUAL(""s, rig.pass(4999));
  CHECK_EQUAL(R"(latest 1 list "1")"s, rig.pass(1));
}

TEST(Switchboard, OnlyTheLastTerminalOfAUserCounts) {
  rig.two();
  rig.in(12, "2");
  CHECK_EQUAL(R"(latest 12 list "1","2")"s, rig.take());
  rig.out(2, Farewell::logout);
  CHECK_EQUAL(""s, rig.pass(60000));
  rig.out(12, Farewell::logout);
  CHECK_EQUAL(R"(latest 1 list "1")"s, rig.take());
}

TEST(Switchboard, AFullTableOfUsersRefusesTheNewcomerOnly) {
  for (std::uint32_t i = 0; i < CallRig::kUsers; ++i) CHECK(rig.in(i, std::to_string(i)));
  rig.settle();
  CHECK_FALSE(rig.board.has_room("9"));
  CHECK_FALSE(rig.in(9, "9"));
  CHECK_FALSE(rig.board.signed_in(CallRig::session(9)));
  CHECK_EQUAL(""s, rig.take());
  CHECK(rig.board.has_room("0"));
  CHECK(rig.in(10, "0"));
}

TEST(Switchboard, ASessionThatNeverSignedInMayEnd) {
  rig.two();
  rig.out(7, Farewell::logout);
  rig.board.sign_out({1, 2}, Farewell::logout, rig.moment());  // another session in slot 1
  CHECK_EQUAL(""s, rig.pass(60000));
  CHECK(rig.board.signed_in(CallRig::session(1)));
}

TEST(Switchboard, UsersOfTheLastRunAreListedForTheGraceAndNobodyIsTold) {
  rig.board.restore_user("7", "seven", true, WallTime{}, rig.moment());
  rig.board.restore_user("8", "eight", false, WallTime{}, rig.moment());
  CHECK_EQUAL(""s, rig.take());
  rig.in(1, "1");
  CHECK_EQUAL(R"(latest 1 list "7","1")"s, rig.take());
  CHECK_EQUAL(R"(latest 1 list "1")"s, rig.pass(5000));
}

TEST(Switchboard, AUserOfTheLastRunWhoComesBackInTimeIsNoNews) {
  rig.board.restore_user("7", "", true, WallTime{}, rig.moment());
  rig.in(1, "1");
  rig.settle();
  rig.in(7, "7");
  CHECK_EQUAL(R"(latest 7 list "7","1")"s, rig.take());
  CHECK_EQUAL(""s, rig.pass(60000));
}

// --- Relay ---------------------------------------------------------------------------------------

TEST(Switchboard, AnEventReachesEveryConnectionOfItsReceiver) {
  rig.two();
  rig.in(12, "2");
  rig.in(3, "3");
  rig.settle();
  CHECK_EQUAL(
      "notify 12,2 event 1>2 #100 {\"Event\":\"Offer\",\"Data\":{}}\n"
      "notify 1 receipt #100 Offer 2 delivered 2"s,
      rig.say(1, "2", "Offer"));
  LONGS_EQUAL(1, rig.board.counters().delivered);
}

TEST(Switchboard, TheMessageArrivesByteForByte) {
  rig.two();
  const std::string message =
      R"({ "Event" : "Call","Data":{"n":9007199254740993,"x":1.0,"s":"\u547c叫"} })";
  rig.frame(1, R"({"Type":"Event","Receiver":"2","Message":)" + message + "}");
  const std::string said =
      rig.frame(1, R"({"Message":)" + message + R"(,"Receiver":2,"Sender":1,"Type":"Event"})");
  STRCMP_CONTAINS((" #100 " + message + "\n").c_str(), said.c_str());
}

TEST(Switchboard, TheSendersTimeIsKeptAndAMissingOneIsStamped) {
  rig.two();
  const std::string rest = R"("Type":"Event","Receiver":"2","Message":{"Event":"x","Data":1}})";
  TerminalScratch scratch{};
  TerminalEvent event;
  const auto sent = [&](const std::string& json) {
    CHECK(!terminal_parse(json, 16, event, scratch));
    rig.board.relay({CallRig::session(1), {}}, event, rig.moment());
    const std::string line = rig.effects.lines[0];
    rig.effects.take();
    return member(line.substr(line.find('{')), "SendTime");
  };
  CHECK_EQUAL("at noon"s, sent(R"({"SendTime":"at noon",)" + rest));
  for (const std::string& none : {R"({"SendTime":"",)"s, R"({"SendTime":null,)"s, "{"s}) {
    const std::string stamp = sent(none + rest);
    LONGS_EQUAL(kSendTimeSize, stamp.size());
    STRCMP_CONTAINS("2020-08-06T", stamp.c_str());
  }
}

TEST(Switchboard, WhoClaimsToBeSomebodyElseIsRefused) {
  rig.two();
  const std::string rest = R"("Type":"Event","Receiver":"2","Message":{"Event":"Call"}})";
  for (const std::string& sender : {R"({"Sender":"3",)"s, R"({"Sender":"2",)"s, R"({"Sender":12,)"s,
                                    R"({"Sender":"1 ",)"s, R"({"Sender":"01",)"s}) {
    CHECK_EQUAL(
        "notify 1 receipt # Call 2 refused: Sender is not the user of this connection's "
        "token"s,
        rig.frame(1, sender + rest));
  }
  LONGS_EQUAL(5, rig.board.counters().refused);
  CHECK_EQUAL("none"s, rig.call(100));
  for (const std::string& sender :
       {R"({"Sender":"1",)"s, R"({"Sender":1,)"s, R"({"Sender":"\u0031",)"s, R"({"Sender":"",)"s,
        R"({"Sender":null,)"s, "{"s}) {
    STRCMP_CONTAINS("event 1>2 #100 ", rig.frame(1, sender + rest).c_str());
  }
}

TEST(Switchboard, WhatReachesNobodyIsOffline) {
  rig.two();
  CHECK_EQUAL("notify 1 receipt #100 Offer nobody offline 0"s, rig.say(1, "nobody", "Offer"));
  rig.out(2);
  CHECK_EQUAL("notify 1 receipt #101 Offer 2 offline 0"s, rig.say(1, "2", "Offer"));
  LONGS_EQUAL(2, rig.board.counters().offline);
}

TEST(Switchboard, OneMayWriteToOnesOtherTerminals) {
  rig.two();
  rig.in(11, "1");
  rig.take();
  STRCMP_CONTAINS("event 1>1 #100 ", rig.say(1, "1", "Note").c_str());
}

TEST(Switchboard, AnIdOfTheSendersOwnIsKept) {
  rig.two();
  CHECK_EQUAL(
      "notify 2 event 1>2 #7 {\"Event\":\"Offer\",\"Data\":{}}\n"
      "notify 1 receipt #7 Offer 2 delivered 1"s,
      rig.say(1, "2", "Offer", 7));
}

TEST(Switchboard, NoMessageHasTheIdOfACall) {
  rig.two();
  STRCMP_CONTAINS(" #100 ", rig.say(1, "2", "Offer").c_str());
  STRCMP_CONTAINS(" #101 ", rig.say(1, "2", "Call").c_str());
  STRCMP_CONTAINS(" #102 ", rig.say(1, "2", "Offer").c_str());
  CHECK_EQUAL("ringing"s, rig.call(101));
}

TEST(Switchboard, APageGetsItsReceiptAsAnAcknowledgementToo) {
  rig.two();
  const std::string said =
      rig.frame(1, R"({"Type":"Event","Receiver":"2","Message":{"Event":"x","Data":1}})", 9);
  STRCMP_CONTAINS("\nnotify 1 receipt #100 x 2 delivered 1\nack 1#9 {\"Type\":\"Receipt\",",
                  said.c_str());
}

TEST(Switchboard, AReceiverWhoseQueueIsFullDoesNotCount) {
  rig.two();
  rig.effects.deaf_index = 2;
  STRCMP_CONTAINS("receipt #100 Offer 2 offline 0", rig.say(1, "2", "Offer").c_str());
}

TEST(Switchboard, AReceiptIsNeverOfTypeEventOrChat) {
  rig.two();
  const std::string json = R"({"Type":"Event","Receiver":"2","Message":{"Event":"Chat"}})";
  TerminalScratch scratch{};
  TerminalEvent event;
  CHECK(!terminal_parse(json, 16, event, scratch));
  rig.board.relay({CallRig::session(1), {}}, event, rig.moment());
  CHECK((rig.effects.types == std::vector<std::string>{R"("Event")", R"("Receipt")"}));
}

// --- Complaints and heartbeats -------------------------------------------------------------------

TEST(Switchboard, WhatIsNoFrameIsAnsweredToItsSenderOnly) {
  rig.two();
  rig.board.complain({CallRig::session(1), 3}, {"malformed", "expected ','", 17});
  CHECK_EQUAL(
      "notify 1 error malformed: expected ',' at byte 17\n"
      "ack 1#3 {\"Type\":\"Error\",\"Message\":{\"Code\":\"malformed\","
      "\"Reason\":\"expected ',' at byte 17\"}}"s,
      rig.take());
  LONGS_EQUAL(1, rig.board.counters().errors);
}

TEST(Switchboard, AHeartCheckIsAnswered) {
  rig.two();
  rig.board.heart_check(CallRig::session(2), rig.moment());
  CHECK_EQUAL("notify 2 heartbeat"s, rig.take());
}

TEST(Switchboard, WhoCannotBeAnsweredIsClosed) {
  rig.two();
  rig.effects.no_memory = true;
  CHECK_EQUAL(
      "no memory 2 event 1>2 #100 {\"Event\":\"Offer\",\"Data\":{}}\n"
      "no memory 1 receipt #100 Offer 2 offline 0\nclose 1"s,
      rig.say(1, "2", "Offer"));
  rig.board.complain({CallRig::session(2), 3}, {"malformed", "x", {}});
  CHECK_EQUAL("no memory 2 error malformed: x\nclose 2"s, rig.take());
  rig.board.heart_check(CallRig::session(2), rig.moment());
  CHECK_EQUAL("no memory 2 heartbeat"s, rig.take());
}
