#include "gateway/rooms.h"

#include <string>
#include <vector>

#include "support/recording_effects.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr EntryRule kFirst = EntryRule::first;
constexpr EntryRule kLast = EntryRule::last;
constexpr EntryRule kWhenever = EntryRule::whenever;
constexpr WallTime kThen{Duration{1000}};
constexpr WallTime kLater{Duration{2000}};

SessionId session(std::uint32_t index) {
  return {index, 1};
}

/// What an entry came to: `entered`, `entered, out: 1,2`, `exists`, `rooms full`, `members full`.
std::string enter(Rooms& rooms, std::string_view room, std::uint32_t index, EntryRule rule,
                  WallTime since = kThen) {
  std::span<const SessionId> evicted;
  switch (rooms.enter(room, {session(index), rule, since}, evicted)) {
    case EntryResult::already_exists:
      return evicted.empty() ? "exists" : "exists, and yet somebody is out";
    case EntryResult::rooms_full:
      return evicted.empty() ? "rooms full" : "rooms full, and yet somebody is out";
    case EntryResult::memberships_full:
      return evicted.empty() ? "members full" : "members full, and yet somebody is out";
    case EntryResult::entered:
      break;
  }
  return evicted.empty() ? "entered" : "entered, out: " + text_of(evicted);
}

/// `456: 1 2/last` with the rule where it is not the default; empty for no such room.
std::string room(const Rooms& rooms, std::string_view name) {
  const auto view = rooms.find_view(name);
  if (!view) return "";
  std::string text = std::string(view->name) + ":";
  std::size_t members = 0;
  rooms.for_each_member(view->slot, [&](const Member& member) {
    ++members;
    text += " " + text_of(member.session);
    if (member.rule != kFirst) {
      text.append("/").append(entry_rule_name(member.rule).substr(9));
    }
  });
  return members == view->members ? text : text + " but counts " + std::to_string(view->members);
}

std::string changed(Rooms& rooms) {
  std::string text;
  while (const auto slot = rooms.take_changed_room()) {
    text.append("room ").append(rooms.view(*slot).name).append(";");
  }
  while (const auto slot = rooms.take_changed_membership()) {
    const MembershipView view = rooms.membership(*slot);
    text += view.member.session ? "member " + text_of(view.member.session) + " of " +
                                      std::string(rooms.view(view.room).name) + ";"
                                : std::string("free member;");
  }
  return text;
}

}  // namespace

TEST_GROUP(Rooms) {
  Rooms rooms{{.rooms = 3, .memberships = 6, .sessions = 8}};

  std::string enters(std::uint32_t index, EntryRule rule) {
    return enter(rooms, "456", index, rule);
  }
  std::string members() {
    return std::string(text_of(rooms.members("456")));
  }
  void occupy(std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t i = first; i < first + count; ++i) {
      CHECK_EQUAL("entered"sv, enters(i, kWhenever));
    }
  }
};

// --- Names of the rules --------------------------------------------------------------------------

TEST(Rooms, RulesAreKnownByTheirExactNames) {
  for (const EntryRule rule : {kFirst, kLast, kWhenever}) {
    CHECK(parse_entry_rule(entry_rule_name(rule)) == rule);
  }
  CHECK_EQUAL("loginWhenFirst"sv, entry_rule_name(kFirst));
  CHECK_EQUAL("loginWhenLast"sv, entry_rule_name(kLast));
  CHECK_EQUAL("loginWhenever"sv, entry_rule_name(kWhenever));
  for (const std::string_view text :
       {"", "first", "loginwhenfirst", "loginWhenFirst ", "LoginWhenLast", "loginWhen"}) {
    CHECK_TEXT(!parse_entry_rule(text), StringFrom(text).asCharString());
  }
}

// --- The three rules -----------------------------------------------------------------------------

TEST(Rooms, AnyRuleEntersAnEmptyRoom) {
  for (const EntryRule rule : {kFirst, kLast, kWhenever}) {
    CHECK_EQUAL("entered"sv, enters(2, rule));
    CHECK_EQUAL("2"sv, members());
    CHECK(rooms.leave("456", session(2)));
  }
}

TEST(Rooms, FirstStaysOutOfAnOccupiedRoomWhateverItsMembersRules) {
  for (const EntryRule inside : {kFirst, kLast, kWhenever}) {
    CHECK_EQUAL("entered"sv, enters(1, inside));
    CHECK_EQUAL("exists"sv, enters(2, kFirst));
    CHECK_EQUAL("1"sv, members());
    CHECK(rooms.leave("456", session(1)));
  }
}

TEST(Rooms, FirstStaysOutOfARoomWithSeveralMembers) {
  occupy(0, 3);
  CHECK_EQUAL("exists"sv, enters(5, kFirst));
  CHECK_EQUAL("0,1,2"sv, members());
}

TEST(Rooms, FirstEntersOnceTheLastOfSeveralMembersHasLeft) {
  occupy(0, 3);
  for (std::uint32_t i = 0; i < 3; ++i) {
    CHECK_EQUAL("exists"sv, enters(5, kFirst));
    CHECK(rooms.leave("456", session(i)));
  }
  CHECK_EQUAL("entered"sv, enters(5, kFirst));
}

TEST(Rooms, LastPutsEveryMemberOutInOrderOfEntry) {
  for (const EntryRule inside : {kFirst, kLast, kWhenever}) {
    CHECK_EQUAL("entered"sv, enters(3, inside));
    CHECK_EQUAL("entered, out: 3"sv, enters(4, kLast));
    CHECK_EQUAL("4"sv, members());
    CHECK(rooms.leave("456", session(4)));
  }
  CHECK_EQUAL("entered"sv, enters(6, kWhenever));
  occupy(0, 3);
  CHECK_EQUAL("entered, out: 6,0,1,2"sv, enters(7, kLast));
  CHECK_EQUAL("456: 7/Last"sv, room(rooms, "456"));
}

TEST(Rooms, WheneverJoinsBesideMembersOfAnyRule) {
  CHECK_EQUAL("entered"sv, enters(1, kFirst));
  CHECK_EQUAL("entered"sv, enters(2, kWhenever));
  CHECK_EQUAL("entered"sv, enters(0, kWhenever));
  CHECK_EQUAL("456: 1 2/ever 0/ever"sv, room(rooms, "456"));
}

// --- Entering again ------------------------------------------------------------------------------

TEST(Rooms, AMemberThatEntersAgainStaysUnderItsNewRule) {
  CHECK_EQUAL("entered"sv, enters(1, kFirst));
  for (const EntryRule rule : {kWhenever, kLast, kFirst}) {
    CHECK_EQUAL("entered"sv, enters(1, rule));
    CHECK_EQUAL("1"sv, members());
  }
  CHECK_EQUAL("456: 1"sv, room(rooms, "456"));
  LONGS_EQUAL(1, rooms.membership_gauge().in_use);
}

TEST(Rooms, AMemberMayEnterAgainAsFirstBesideOthers) {
  occupy(0, 2);
  CHECK_EQUAL("entered"sv, enters(1, kFirst));
  CHECK_EQUAL("456: 0/ever 1"sv, room(rooms, "456"));
}

TEST(Rooms, AMemberThatEntersAgainAsLastPutsTheOthersOutAndNotItself) {
  occupy(0, 3);
  CHECK_EQUAL("entered, out: 0,2"sv, enters(1, kLast));
  CHECK_EQUAL("456: 1/Last"sv, room(rooms, "456"));
  LONGS_EQUAL(1, rooms.membership_gauge().in_use);
}

TEST(Rooms, ThePlaceInTheOrderIsThatOfTheFirstEntry) {
  occupy(0, 3);
  CHECK_EQUAL("entered"sv, enters(0, kWhenever));
  CHECK_EQUAL("0,1,2"sv, members());
}

// --- Several rooms -------------------------------------------------------------------------------

TEST(Rooms, RoomsDoNotTouchEachOther) {
  for (const std::string_view name : {"a", "b", "c"}) {
    CHECK_EQUAL("entered"sv, enter(rooms, name, 1, kWhenever));
  }
  CHECK_EQUAL("entered"sv, enter(rooms, "b", 2, kWhenever));
  CHECK_EQUAL("entered, out: 1,2"sv, enter(rooms, "b", 3, kLast));
  CHECK_EQUAL("a: 1/ever"sv, room(rooms, "a"));
  CHECK_EQUAL("b: 3/Last"sv, room(rooms, "b"));
  CHECK_EQUAL("c: 1/ever"sv, room(rooms, "c"));
}

TEST(Rooms, ARoomGoesWithItsLastMember) {
  occupy(0, 2);
  CHECK(rooms.leave("456", session(0)));
  CHECK_EQUAL("456: 1/ever"sv, room(rooms, "456"));
  CHECK(rooms.leave("456", session(1)));
  CHECK_EQUAL(""sv, room(rooms, "456"));
  LONGS_EQUAL(0, rooms.room_gauge().in_use);
  LONGS_EQUAL(1, rooms.room_gauge().high_water);
}

TEST(Rooms, LeavingWhatOneIsNotInIsNoLeaving) {
  CHECK_FALSE(rooms.leave("456", session(0)));
  occupy(0, 1);
  CHECK_FALSE(rooms.leave("456", session(1)));
  CHECK_FALSE(rooms.leave("45", session(0)));
  CHECK_EQUAL("0"sv, members());
}

TEST(Rooms, MembersLeaveFromAnyPlaceInTheOrder) {
  occupy(0, 5);
  CHECK(rooms.leave("456", session(2)));
  CHECK_EQUAL("0,1,3,4"sv, members());
  CHECK(rooms.leave("456", session(0)));
  CHECK_EQUAL("1,3,4"sv, members());
  CHECK(rooms.leave("456", session(4)));
  CHECK_EQUAL("1,3"sv, members());
  occupy(0, 1);
  CHECK_EQUAL("1,3,0"sv, members());
}

TEST(Rooms, LeavingAllLeavesEveryRoomAndNobodyElse) {
  for (const std::string_view name : {"a", "b", "c"}) {
    CHECK_EQUAL("entered"sv, enter(rooms, name, 1, kWhenever));
  }
  CHECK_EQUAL("entered"sv, enter(rooms, "b", 2, kWhenever));
  rooms.leave_all(session(1));
  CHECK_EQUAL(""sv, room(rooms, "a"));
  CHECK_EQUAL("b: 2/ever"sv, room(rooms, "b"));
  CHECK_EQUAL(""sv, room(rooms, "c"));
  rooms.leave_all(session(1));
  LONGS_EQUAL(1, rooms.membership_gauge().in_use);
}

TEST(Rooms, AnUnknownRoomHasNoMembers) {
  CHECK_EQUAL(""sv, members());
  CHECK(!rooms.find_view("456"));
}

TEST(Rooms, TheRoomRemembersItsFirstEntryAndEachMemberItsOwn) {
  CHECK_EQUAL("entered"sv, enter(rooms, "456", 1, kWhenever, kThen));
  CHECK_EQUAL("entered"sv, enter(rooms, "456", 2, kWhenever, kLater));
  CHECK_EQUAL("entered"sv, enter(rooms, "456", 1, kFirst, kLater));
  const auto view = rooms.find_view("456");
  CHECK(view->created == kThen);
  rooms.for_each_member(view->slot, [](const Member& member) {
    CHECK(member.since == (member.session.index == 1 ? kThen : kLater));
  });
}

// --- Names ---------------------------------------------------------------------------------------

TEST(Rooms, NamesOfOneHashAreDifferentRooms) {
  // Pairs with equal 32-bit FNV-1a values.
  Rooms table{{.rooms = 6, .memberships = 6, .sessions = 6}};
  const std::vector<std::string_view> names = {"costarring", "liquid",   "declinate",
                                               "macallums",  "altarage", "zinke"};
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    CHECK_EQUAL("entered"sv, enter(table, names[i], i, kFirst));
  }
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    CHECK_EQUAL(std::string_view(std::to_string(i)), text_of(table.members(names[i])));
    CHECK_EQUAL("exists"sv, enter(table, names[i], (i + 1) % 6, kFirst));
  }
  CHECK(table.leave("liquid", session(1)));
  CHECK_EQUAL(""sv, room(table, "liquid"));
  CHECK_EQUAL("costarring: 0"sv, room(table, "costarring"));
}

TEST(Rooms, NamesOfOneBucketLeaveFromAnyPlaceOfItsChain) {
  // 1, 5, 9 and 10 fall into the same of four buckets.
  const std::vector<std::string_view> names = {"1", "5", "9", "10"};
  for (std::uint32_t gone = 0; gone < names.size(); ++gone) {
    Rooms table{{.rooms = 4, .memberships = 4, .sessions = 4}};
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      CHECK_EQUAL("entered"sv, enter(table, names[i], i, kFirst));
    }
    CHECK(table.leave(names[gone], session(gone)));
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      CHECK_EQUAL(i != gone, table.find_view(names[i]).has_value());
    }
  }
}

TEST(Rooms, TheLongestNameFits) {
  const std::string name(kIdBytes, 'n');
  CHECK_EQUAL("entered"sv, enter(rooms, name, 1, kFirst));
  CHECK_EQUAL("1"sv, text_of(rooms.members(name)));
  CHECK(!rooms.find_view(name.substr(1)));
}

// --- Bounds --------------------------------------------------------------------------------------

TEST(Rooms, AFullRoomTableRefusesNewRoomsOnly) {
  for (const std::string_view name : {"a", "b", "c"}) {
    CHECK_EQUAL("entered"sv, enter(rooms, name, 0, kWhenever));
  }
  for (const EntryRule rule : {kFirst, kLast, kWhenever}) {
    CHECK_EQUAL("rooms full"sv, enter(rooms, "d", 1, rule));
  }
  CHECK(!rooms.find_view("d"));
  LONGS_EQUAL(3, rooms.room_gauge().refusals);
  CHECK_EQUAL("entered"sv, enter(rooms, "c", 1, kWhenever));
  rooms.leave_all(session(0));
  CHECK_EQUAL("entered"sv, enter(rooms, "d", 1, kFirst));
}

TEST(Rooms, AFullMemberTableRefusesNewMembersOnly) {
  occupy(0, 6);
  CHECK_EQUAL("members full"sv, enters(6, kWhenever));
  CHECK_EQUAL("members full"sv, enter(rooms, "a", 6, kFirst));
  CHECK_EQUAL("members full"sv, enter(rooms, "a", 6, kLast));
  CHECK(!rooms.find_view("a"));
  LONGS_EQUAL(1, rooms.room_gauge().in_use);
  LONGS_EQUAL(3, rooms.membership_gauge().refusals);
  CHECK_EQUAL("exists"sv, enters(6, kFirst));
  CHECK_EQUAL("entered"sv, enters(3, kFirst));
  CHECK_EQUAL("0,1,2,3,4,5"sv, members());
}

TEST(Rooms, LastMakesItsOwnPlaceInAFullMemberTable) {
  CHECK_EQUAL("entered"sv, enter(rooms, "a", 7, kFirst));
  occupy(0, 5);
  CHECK_EQUAL("entered, out: 7"sv, enter(rooms, "a", 6, kLast));
  CHECK_EQUAL("entered, out: 0,1,2,3,4"sv, enters(7, kLast));
  LONGS_EQUAL(2, rooms.membership_gauge().in_use);
  LONGS_EQUAL(6, rooms.membership_gauge().high_water);
}

TEST(Rooms, SlotsComeBackHoweverOftenTheyAreUsed) {
  for (int round = 0; round < 1000; ++round) {
    occupy(0, 6);
    CHECK_EQUAL("entered, out: 0,1,2,3,4,5"sv, enters(6, kLast));
    rooms.leave_all(session(6));
  }
  LONGS_EQUAL(0, rooms.room_gauge().in_use);
  LONGS_EQUAL(0, rooms.membership_gauge().in_use);
  LONGS_EQUAL(0, rooms.room_gauge().refusals);
}

// --- Read back at start --------------------------------------------------------------------------

TEST(Rooms, ARoomReadBackIsEmptyAndKeepsItsStory) {
  CHECK(rooms.restore("456", kThen, 3));
  const auto view = rooms.find_view("456");
  LONGS_EQUAL(0, view->members);
  LONGS_EQUAL(3, view->held_before);
  CHECK(view->created == kThen);
  LONGS_EQUAL(1, rooms.room_gauge().in_use);
  CHECK_EQUAL(""sv, members());
}

TEST(Rooms, WhoeverEntersARoomReadBackIsItsFirstMember) {
  for (const EntryRule rule : {kFirst, kLast, kWhenever}) {
    CHECK(rooms.restore("456", kThen, 3));
    CHECK_EQUAL("entered"sv, enter(rooms, "456", 1, rule, kLater));
    LONGS_EQUAL(0, rooms.find_view("456")->held_before);
    CHECK(rooms.find_view("456")->created == kThen);
    CHECK(rooms.leave("456", session(1)));
    CHECK(!rooms.find_view("456"));
  }
}

TEST(Rooms, WhatIsNoRoomIsNotReadBack) {
  CHECK_FALSE(rooms.restore("", kThen, 0));
  CHECK_FALSE(rooms.restore(std::string(kIdBytes + 1, 'n'), kThen, 0));
  CHECK(rooms.restore("a", kThen, 0));
  CHECK_FALSE(rooms.restore("a", kThen, 0));
  CHECK(rooms.restore("b", kThen, 0));
  CHECK(rooms.restore("c", kThen, 0));
  CHECK_FALSE(rooms.restore("d", kThen, 0));
  LONGS_EQUAL(3, rooms.room_gauge().in_use);
  LONGS_EQUAL(0, rooms.room_gauge().refusals);
}

TEST(Rooms, UnclaimedRoomsAreDroppedAndOnlyThey) {
  for (const std::string_view name : {"a", "b", "c"}) CHECK(rooms.restore(name, kThen, 1));
  CHECK_EQUAL("entered"sv, enter(rooms, "b", 1, kFirst));
  rooms.drop_unclaimed();
  CHECK(!rooms.find_view("a"));
  CHECK_EQUAL("b: 1"sv, room(rooms, "b"));
  CHECK(!rooms.find_view("c"));
  LONGS_EQUAL(1, rooms.room_gauge().in_use);
  CHECK_EQUAL("entered"sv, enter(rooms, "d", 1, kFirst));
  CHECK_EQUAL("entered"sv, enter(rooms, "e", 1, kFirst));
}

// --- What has changed ----------------------------------------------------------------------------

TEST(Rooms, NothingHasChangedAtFirst) {
  CHECK_FALSE(rooms.changed());
  CHECK_EQUAL(""sv, changed(rooms));
}

TEST(Rooms, EntriesAndDeparturesAreChanges) {
  CHECK_EQUAL("entered"sv, enters(1, kWhenever));
  CHECK_EQUAL("room 456;member 1 of 456;"sv, changed(rooms));
  CHECK_EQUAL("entered"sv, enters(2, kWhenever));
  CHECK_EQUAL("member 2 of 456;"sv, changed(rooms));
  CHECK(rooms.leave("456", session(1)));
  CHECK_EQUAL("free member;"sv, changed(rooms));
  rooms.leave_all(session(2));
  CHECK_EQUAL("room ;free member;"sv, changed(rooms));
  CHECK_FALSE(rooms.changed());
}

TEST(Rooms, AnEvictionChangesEverySlotItTouches) {
  occupy(0, 3);
  changed(rooms);
  CHECK_EQUAL("entered, out: 0,1,2"sv, enters(3, kLast));
  CHECK_EQUAL("member 3 of 456;free member;free member;"sv, changed(rooms));
}

TEST(Rooms, ANewRuleIsAChangeAndARefusalIsNone) {
  CHECK_EQUAL("entered"sv, enters(1, kFirst));
  changed(rooms);
  CHECK_EQUAL("entered"sv, enters(1, kWhenever));
  CHECK_EQUAL("member 1 of 456;"sv, changed(rooms));
  CHECK_EQUAL("exists"sv, enters(2, kFirst));
  CHECK_FALSE(rooms.leave("456", session(2)));
  rooms.leave_all(session(2));
  CHECK_FALSE(rooms.changed());
}

TEST(Rooms, WhatCameAndWentIsOneChange) {
  for (int round = 0; round < 5; ++round) {
    CHECK_EQUAL("entered"sv, enters(1, kFirst));
    CHECK(rooms.leave("456", session(1)));
  }
  CHECK_EQUAL("room ;free member;"sv, changed(rooms));
}

TEST(Rooms, EverythingCanBeMarked) {
  rooms.mark_all_changed();
  CHECK_EQUAL(
      "room ;room ;room ;free member;free member;free member;free member;free member;"
      "free member;"sv,
      changed(rooms));
}
