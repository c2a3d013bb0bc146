#include "gateway/users.h"

#include <set>
#include <string>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(Users) {
  Users users{{.users = 3, .sessions = 8}};

  static WallTime at(std::int64_t ms) {
    return WallTime{Duration{ms}};
  }
  UserSlot sign_in(std::uint32_t index, std::string_view id, std::int64_t ms = 0) {
    return users.sign_in(id, "", {index, 1}, at(ms));
  }
  std::set<std::uint32_t> sessions(UserSlot user, SessionId but = {}) {
    std::set<std::uint32_t> found;
    for (const SessionId session : users.sessions(user, but)) found.insert(session.index);
    return found;
  }
  void take_changes() {
    while (users.take_changed()) continue;
  }
};

TEST(Users, AUserMayHaveSeveralConnections) {
  const UserSlot a = sign_in(1, "a");
  CHECK(sign_in(4, "a") == a);
  CHECK(sign_in(6, "a") == a);
  const UserSlot b = sign_in(2, "b");
  CHECK(a != b);
  CHECK(sessions(a) == (std::set<std::uint32_t>{1, 4, 6}));
  CHECK(sessions(a, {4, 1}) == (std::set<std::uint32_t>{1, 6}));
  LONGS_EQUAL(4, users.everyone().size());
  CHECK(users.user_of({4, 1}) == a);
  CHECK(users.user_of({4, 2}) == kNoUser);  // a session that came later
  CHECK(users.sign_out({4, 1}, at(1)) == a);
  CHECK(users.sign_out({4, 1}, at(1)) == kNoUser);
  CHECK(sessions(a) == (std::set<std::uint32_t>{1, 6}));
  LONGS_EQUAL(2, users.terminals(a));
  LONGS_EQUAL(3, users.everyone().size());
}

TEST(Users, RemembersNamesAndTimes) {
  const UserSlot a = users.sign_in("a", "甲", {1, 1}, at(10));
  CHECK_EQUAL("甲"sv, users.view(a).name);
  static_cast<void>(users.sign_in("a", "", {2, 1}, at(20)));  // a token without a name
  CHECK_EQUAL("甲"sv, users.view(a).name);
  LONGS_EQUAL(10, users.view(a).last_seen.time_since_epoch().count());
  users.sign_out({1, 1}, at(30));
  LONGS_EQUAL(10, users.view(a).last_seen.time_since_epoch().count());
  users.sign_out({2, 1}, at(40));
  LONGS_EQUAL(40, users.view(a).last_seen.time_since_epoch().count());
  static_cast<void>(users.sign_in("a", "乙", {2, 1}, at(50)));
  CHECK_EQUAL("乙"sv, users.view(a).name);
}

TEST(Users, TheListKeepsTheOrderOfArrival) {
  const UserSlot a = sign_in(1, "a");
  const UserSlot b = sign_in(2, "b");
  const UserSlot c = sign_in(3, "c");
  CHECK(users.list(b));
  CHECK(users.list(a));
  CHECK(users.list(c));
  CHECK_FALSE(users.list(a));
  CHECK(users.unlist(a));
  CHECK_FALSE(users.unlist(a));
  LONGS_EQUAL(2, users.listed().size());
  CHECK(users.listed()[0] == b);
  CHECK(users.listed()[1] == c);
}

TEST(Users, InAFullTableWhoWasSeenLongestAgoGivesWay) {
  for (const std::uint32_t i : {1U, 2U, 3U}) sign_in(i, std::string(1, static_cast<char>('a' + i)));
  users.sign_out({2, 1}, at(10));
  users.sign_out({3, 1}, at(20));
  CHECK(users.has_room("new"));
  CHECK(sign_in(5, "new") != kNoUser);
  CHECK(users.find("c") == kNoUser);
  CHECK(users.find("b") != kNoUser);  // it has a connection
  CHECK(users.find("d") != kNoUser);
  LONGS_EQUAL(3, users.gauge().in_use);
}

TEST(Users, WhoIsListedDoesNotGiveWay) {
  for (const std::uint32_t i : {1U, 2U, 3U}) {
    users.list(sign_in(i, std::string(1, static_cast<char>('a' + i))));
    users.sign_out({i, 1}, at(i));
  }
  CHECK_FALSE(users.has_room("new"));
  CHECK(users.has_room("b"));  // has its place
  LONGS_EQUAL(1, users.gauge().refusals);
  CHECK(sign_in(5, "new") == kNoUser);
  CHECK(users.user_of({5, 1}) == kNoUser);
  users.unlist(users.find("c"));
  CHECK(sign_in(5, "new") != kNoUser);
  CHECK(users.find("c") == kNoUser);
}

TEST(Users, FindsEverybodyWhateverTheHashes) {
  Users many{{.users = 500, .sessions = 500}};  // some chains are long
  for (std::uint32_t i = 0; i < 500; ++i) {
    CHECK(many.sign_in(std::to_string(i), "", {i, 1}, at(0)) != kNoUser);
  }
  for (std::uint32_t i = 0; i < 500; i += 2) many.sign_out({i, 1}, at(i));
  for (std::uint32_t i = 0; i < 250; ++i) {  // each takes the slot of an even one
    CHECK(many.sign_in("x" + std::to_string(i), "", {i * 2, 2}, at(0)) != kNoUser);
  }
  for (std::uint32_t i = 0; i < 500; ++i) {
    CHECK((many.find(std::to_string(i)) != kNoUser) == (i % 2 == 1));
  }
}

TEST(Users, ReportsWhatTheStoreMustKnow) {
  const UserSlot a = sign_in(1, "a");
  CHECK(users.take_changed() == a);
  CHECK_FALSE(users.changed());
  sign_in(2, "a");  // a second connection is no change
  CHECK_FALSE(users.changed());
  users.list(a);
  CHECK(users.take_changed() == a);
  users.sign_out({1, 1}, at(1));
  CHECK_FALSE(users.changed());
  users.sign_out({2, 1}, at(2));
  CHECK(users.take_changed() == a);
  users.unlist(a);
  CHECK(users.take_changed() == a);
  users.mark_all_changed();
  for (int i = 0; i < 3; ++i) CHECK(users.take_changed().has_value());
  CHECK_FALSE(users.changed());
}

TEST(Users, TakesInWhoWasThereBefore) {
  const UserSlot a = users.restore("a", "甲", at(7));
  CHECK(users.find("a") == a);
  LONGS_EQUAL(7, users.view(a).last_seen.time_since_epoch().count());
  LONGS_EQUAL(0, users.terminals(a));
  CHECK(users.restore("a", "", at(8)) == kNoUser);
  CHECK(users.restore("", "", at(8)) == kNoUser);
  CHECK(users.restore("a\"b", "", at(8)) == kNoUser);
  static_cast<void>(users.restore("b", "", at(8)));
  static_cast<void>(users.restore("c", "", at(8)));
  CHECK(users.restore("d", "", at(8)) == kNoUser);
}
