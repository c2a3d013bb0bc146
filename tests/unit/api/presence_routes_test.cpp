#include "api_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(PresenceRoutes) {
  ApiRig rig;
  std::string time_zone;

  void setup() override {
    const char* zone = getenv("TZ");
    time_zone = zone != nullptr ? zone : "";
    setenv("TZ", "UTC", 1);
    tzset();
  }
  void teardown() override {
    time_zone.empty() ? unsetenv("TZ") : setenv("TZ", time_zone.c_str(), 1);
    tzset();
  }

  static Moment at(std::int64_t ms) {
    return {Instant{Duration{ms}}, WallTime{Duration{1700000000000 + ms}}};
  }
  void sign_in(std::uint32_t index, std::string_view user, std::string_view name = {}) {
    CHECK_TRUE(rig.switchboard.sign_in({index, 1}, user, name, at(index)));
  }
  void say(std::uint32_t index, std::string_view receiver, std::string_view event,
           std::string_view message, std::int64_t ms) {
    const std::string literal = "\"" + std::string(event) + "\"";
    const TerminalEvent frame = {.receiver = receiver,
                                 .event = event,
                                 .event_literal = literal,
                                 .message = message,
                                 .has_data = true};
    rig.switchboard.relay({{index, 1}, {}}, frame, at(ms));
  }
};

TEST(PresenceRoutes, ListsUsersWithWhoTheyAreAndWhenTheyWereSeen) {
  CHECK_EQUAL("200 {\"users\":[]}\n"sv, std::string_view(rig.get("/api/v1/users")));
  sign_in(1, "7", "甲");
  sign_in(2, "7");
  sign_in(3, "8");
  rig.switchboard.sign_out({3, 1}, Farewell::logout, at(5));
  CHECK_EQUAL(
      "200 {\"users\":[{\"id\":\"7\",\"name\":\"甲\",\"online\":true,\"terminals\":2,"
      "\"since\":\"2023-11-14T22:13:20.001+00:00\",\"lastSeen\":\"2023-11-14T22:13:20.123+00:00\"},"
      "{\"id\":\"8\",\"online\":false,\"terminals\":0,"
      "\"lastSeen\":\"2023-11-14T22:13:20.005+00:00\"}]}\n"sv,
      std::string_view(rig.get("/api/v1/users")));
}

TEST(PresenceRoutes, ShowsOneUser) {
  sign_in(1, "a/b");
  rig.switchboard.sign_out({1, 1}, Farewell::lost, at(5));
  CHECK_EQUAL(
      "200 {\"id\":\"a/b\",\"online\":true,\"terminals\":0,"
      "\"lastSeen\":\"2023-11-14T22:13:20.005+00:00\"}\n"sv,
      std::string_view(rig.get("/api/v1/users/a/b")));
  CHECK_EQUAL("404"sv, std::string_view(rig.get("/api/v1/users/9")).substr(0, 3));
}

TEST(PresenceRoutes, ListsCallsTheNewestFirst) {
  CHECK_EQUAL("200 {\"calls\":[]}\n"sv, std::string_view(rig.get("/api/v1/calls")));
  sign_in(1, "1");
  sign_in(2, "2");
  say(1, "9", "Call", R"({"Event":"Call","Data":1.0})", 10);
  say(1, "2", "Call", R"({"Event":"Call", "Data":"x"})", 20);
  say(2, "1", "Accept", R"({"Event":"Accept","Data":0})", 30);
  CHECK_EQUAL(
      "200 {\"calls\":[{\"id\":\"9007199254740994\",\"caller\":\"1\",\"callee\":\"2\","
      "\"state\":\"accepted\",\"started\":\"2023-11-14T22:13:20.020+00:00\","
      "\"accepted\":\"2023-11-14T22:13:20.030+00:00\",\"missed\":false,\"stored\":false,"
      "\"message\":{\"Event\":\"Call\", \"Data\":\"x\"}},"
      "{\"id\":\"9007199254740993\",\"caller\":\"1\",\"callee\":\"9\",\"state\":\"ended\","
      "\"end\":\"offline\",\"started\":\"2023-11-14T22:13:20.010+00:00\","
      "\"ended\":\"2023-11-14T22:13:20.010+00:00\",\"missed\":true,\"stored\":false,"
      "\"message\":{\"Event\":\"Call\",\"Data\":1.0}}]}\n"sv,
      std::string_view(rig.get("/api/v1/calls")));
}

TEST(PresenceRoutes, TellsWhichCallsAreStored) {
  sign_in(1, "1");
  say(1, "9", "Call", R"({"Event":"Call","Data":1.0})", 10);
  say(1, "8", "Call", R"({"Event":"Call","Data":1.0})", 20);
  Calls& calls = rig.switchboard.calls();
  LONGS_EQUAL(1, calls.take_changed().value());  // the store takes the last one
  const std::string some = rig.get("/api/v1/calls");
  CHECK(some.find(R"("stored":true)") < some.find(R"("stored":false)"));
  calls.mark_all_changed();  // and fails
  CHECK(rig.get("/api/v1/calls").find(R"("stored":true)") == std::string::npos);
}

TEST(PresenceRoutes, NeedTheKey) {
  for (const std::string_view path : {"/api/v1/users", "/api/v1/users/1", "/api/v1/calls"}) {
    LONGS_EQUAL(401, rig.ask({.path = path, .peer_ipv4 = kTrusted}).status);
  }
}
