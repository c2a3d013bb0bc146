#include "gateway/presence.h"

#include <string>

#include "support/recording_effects.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr std::size_t kUsers = 1000;

}  // namespace

TEST_GROUP(Presence) {
  RecordingEffects effects;
  Users users{{.users = kUsers, .sessions = kUsers + 8}};
  Presence presence{{}, users, kUsers + 8, effects};
  std::int64_t now_ms = 0;

  Moment now() {
    return {Instant{Duration{now_ms}}, WallTime{Duration{now_ms}}};
  }
  UserSlot arrive(std::uint32_t index, std::string_view id) {
    const UserSlot user = users.sign_in(id, "", {index, 1}, now().wall);
    presence.arrived(user, {index, 1}, now());
    return user;
  }
  void break_off(std::uint32_t index) {
    const UserSlot user = users.sign_out({index, 1}, now().wall);
    if (users.terminals(user) == 0) presence.left(user, now());
  }
  void log_out(std::uint32_t index) {
    presence.removed(users.sign_out({index, 1}, now().wall), now());
  }
  /// What is due after `ms`; those whose grace is over go.
  void after(std::int64_t ms) {
    now_ms += ms;
    for (UserSlot user = presence.pop_expired(now()); user != kNoUser;
         user = presence.pop_expired(now())) {
      presence.removed(user, now());
    }
    presence.expire(now());
  }
  /// Who got which list since the last call: `0,1 "a","b"` a line.
  std::string lists() {
    std::string text;
    for (const std::string& line : effects.lines) {
      const std::size_t to = line.find(' ') + 1;
      const std::size_t list = line.find("\"Message\":[") + 11;
      text += line.substr(to, line.find(' ', to) - to + 1);
      text += line.substr(list, line.rfind(']') - list) + "\n";
    }
    effects.take();
    return text;
  }
};

TEST(Presence, TheFirstChangeGoesAtOnceTheNextAfterAHundredMilliseconds) {
  arrive(0, "a");
  CHECK_EQUAL("0 \"a\"\n"sv, std::string_view(lists()));
  after(1);
  arrive(1, "b");
  arrive(2, "c");
  CHECK_EQUAL("1 \"a\",\"b\"\n2 \"a\",\"b\",\"c\"\n"sv, std::string_view(lists()));  // newcomers
  CHECK(presence.next_due() == Instant{Duration{100}});
  after(98);
  CHECK_EQUAL(""sv, std::string_view(lists()));
  after(1);
  CHECK_EQUAL("0,1 \"a\",\"b\",\"c\"\n"sv, std::string_view(lists()));  // 2 has it already
  CHECK(presence.next_due() == kNever);
  after(100);
  log_out(1);
  CHECK_EQUAL("0,2 \"a\",\"c\"\n"sv, std::string_view(lists()));
}

TEST(Presence, TheListIsAFrameOfTheContract) {
  setenv("TZ", "UTC", 1);
  tzset();
  arrive(0, "a");
  CHECK_EQUAL(
      R"(latest 0 {"Type":"Chat","SendTime":"1970-01-01T00:00:00.0000000+00:00","Message":["a"]})"sv,
      std::string_view(effects.take()));
  unsetenv("TZ");
  tzset();
}

TEST(Presence, SeveralTerminalsOfAUserCountOnce) {
  arrive(0, "a");
  lists();
  arrive(1, "a");
  CHECK_EQUAL("1 \"a\"\n"sv, std::string_view(lists()));  // nothing changed for the other
  break_off(0);
  after(10'000);
  CHECK_EQUAL(""sv, std::string_view(lists()));
}

TEST(Presence, WhoBreaksOffStaysForTheGrace) {
  arrive(0, "a");
  arrive(1, "b");
  after(100);
  lists();
  break_off(1);
  after(4'999);
  CHECK_EQUAL(""sv, std::string_view(lists()));
  after(1);
  CHECK_EQUAL("0 \"a\"\n"sv, std::string_view(lists()));
}

TEST(Presence, WhoComesBackWithinTheGraceWasNeverAway) {
  arrive(0, "a");
  arrive(1, "b");
  after(100);
  lists();
  break_off(1);
  after(4'999);
  arrive(2, "b");
  CHECK_EQUAL("2 \"a\",\"b\"\n"sv, std::string_view(lists()));  // nobody else hears of it
  after(10'000);
  CHECK_EQUAL(""sv, std::string_view(lists()));
}

TEST(Presence, AChangeThatWasTakenBackBeforeItWasToldIsStillToldOnce) {
  arrive(0, "a");
  arrive(1, "b");
  log_out(1);
  lists();
  after(100);
  CHECK_EQUAL("0 \"a\"\n"sv, std::string_view(lists()));
}

TEST(Presence, WithoutMemoryTheListGoesOutLater) {
  arrive(0, "a");
  after(100);
  lists();
  effects.no_memory = true;
  arrive(1, "b");
  effects.take();
  effects.no_memory = false;
  after(99);
  CHECK_EQUAL(""sv, std::string_view(lists()));
  after(1);
  CHECK_EQUAL("0,1 \"a\",\"b\"\n"sv, std::string_view(lists()));
}

TEST(Presence, AThousandWhoArriveWithinASecondCostLessThanTwentyMegabytes) {
  for (std::uint32_t i = 0; i < kUsers; ++i) {
    arrive(i, "user" + std::to_string(1000 + i));  // 8 bytes, as long as ids of staff are
    after(1);
  }
  while (presence.next_due() != kNever) after(1);
  effects.take();
  CHECK(presence.counters().list_bytes < 20'000'000);
  CHECK(presence.counters().lists < 60);
  LONGS_EQUAL(kUsers, users.listed().size());
  arrive(kUsers, "user1000");  // and the last list was whole
  LONGS_EQUAL(kUsers, std::count(effects.lines[0].begin(), effects.lines[0].end(), ',') - 1);
}
