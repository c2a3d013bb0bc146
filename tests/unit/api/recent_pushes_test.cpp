#include "api/recent_pushes.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(RecentPushes) {
  RecentPushes recent{3};

  void remember(const std::string& key, std::uint64_t id) {
    recent.remember(key, {id, 7});
  }
  std::uint64_t found(const std::string& key) {
    const auto answer = recent.find(key);
    return answer ? answer->id : 0;
  }
};

TEST(RecentPushes, KnowsNothingAtFirst) {
  CHECK(!recent.find("a"));
  CHECK(!recent.find(""));
}

TEST(RecentPushes, KeepsTheAnswer) {
  remember("a", 1);
  LONGS_EQUAL(1, found("a"));
  LONGS_EQUAL(7, recent.find("a")->delivered);
  CHECK(!recent.find("A"));
  CHECK(!recent.find("aa"));
}

TEST(RecentPushes, NoKeyIsNoKeyToo) {
  remember("", 1);
  CHECK(!recent.find(""));
  for (std::uint64_t i = 1; i <= 3; ++i) remember(std::to_string(i), i);
  LONGS_EQUAL(1, found("1"));
}

TEST(RecentPushes, TheOldestGoFirst) {
  for (std::uint64_t i = 1; i <= 4; ++i) remember(std::to_string(i), i);
  LONGS_EQUAL(0, found("1"));
  for (std::uint64_t i = 2; i <= 4; ++i) LONGS_EQUAL(i, found(std::to_string(i)));
}

TEST(RecentPushes, TheLongestKeyFitsAndALongerOneIsNotKept) {
  const std::string longest(64, 'k');
  remember(longest, 1);
  LONGS_EQUAL(1, found(longest));
  remember(longest + "k", 2);
  LONGS_EQUAL(0, found(longest + "k"));
  LONGS_EQUAL(1, found(longest));
}
