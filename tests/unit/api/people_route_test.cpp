#include "api_rig.h"
#include "support/text.h"
#include "support/token_records.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(PeopleRoute) {
  ApiRig rig;

  static Moment at(std::int64_t ms) {
    return {Instant{Duration{ms}}, WallTime{Duration{1700000000000 + ms}}};
  }
  void sign_in(std::uint32_t index, std::string_view user, std::string_view name) {
    CHECK_TRUE(rig.switchboard.sign_in({index, 1}, user, name, at(index)));
  }
  void call(std::uint32_t index, std::string_view receiver) {
    const TerminalEvent frame = {.receiver = receiver,
                                 .event = "Call",
                                 .event_literal = "\"Call\"",
                                 .message = R"({"Event":"Call","Data":1})",
                                 .has_data = true};
    rig.switchboard.relay({{index, 1}, {}}, frame, at(20));
  }
  std::string ask(std::string_view authorization) {
    return ApiRig::text_of(rig.ask(
        {.path = "/api/v1/people", .authorization = authorization, .peer_ipv4 = kStranger}));
  }
};

TEST(PeopleRoute, TellsTheBearerWhoThereIs) {
  rig.authority.add("mine", "1", "甲");
  sign_in(1, "1", "甲");
  sign_in(2, "2", "");
  rig.switchboard.sign_out({2, 1}, Farewell::logout, at(5));
  CHECK_EQUAL(
      "200 {\"me\":{\"id\":\"1\",\"name\":\"甲\"},\"people\":["
      "{\"id\":\"1\",\"name\":\"甲\",\"online\":true},"
      "{\"id\":\"2\",\"name\":\"\",\"online\":false}],\"calls\":[]}\n"sv,
      std::string_view(ask("Bearer mine")));
}

TEST(PeopleRoute, KnowsWhoOnlyHoldsATokenByTheNewestName) {
  const WallTime now = rig.status.wall_now();
  TokenRecord records[] = {record_of("a", "1"), record_of("b", "2"), record_of("c", "2"),
                           record_of("d", "3", now)};
  for (std::size_t i = 0; i < std::size(records); ++i) {
    records[i].created = WallTime{Duration{i}};
    CHECK_TRUE(records[i].name.assign(i == 2 ? "乙" : "old name"));
  }
  rig.book.load(records);
  rig.authority.add("mine", "1");
  sign_in(1, "1", "甲");
  CHECK_EQUAL(
      "200 {\"me\":{\"id\":\"1\",\"name\":\"\"},\"people\":["
      "{\"id\":\"1\",\"name\":\"甲\",\"online\":true},"
      "{\"id\":\"2\",\"name\":\"乙\",\"online\":false}],\"calls\":[]}\n"sv,
      std::string_view(ask("Bearer mine")));
}

TEST(PeopleRoute, TellsOfOnesOwnCallsUnderWayOnly) {
  for (const std::string_view user : {"1"sv, "2"sv, "3"sv}) rig.authority.add(user, user);
  sign_in(1, "1", "甲");
  sign_in(2, "2", "乙");
  call(1, "2");
  call(1, "9");  // is over at once
  const std::string calls =
      R"("calls":[{"id":"9007199254740993","caller":"1","callee":"2","state":"ringing",)";
  CHECK_TRUE(ask("Bearer 1").find(calls) != std::string::npos);
  CHECK_TRUE(ask("Bearer 2").find(calls) != std::string::npos);
  CHECK_TRUE(ask("Bearer 3").ends_with("\"calls\":[]}\n"));
}

TEST(PeopleRoute, AsksForAUsersTokenAndNothingElse) {
  rig.authority.add("late", "1", "", rig.status.wall_now());
  const std::string key = "Bearer " + std::string(kKey);
  for (const std::string_view value : {""sv, "Bearer"sv, "Bearer late"sv, std::string_view(key)}) {
    const HttpAnswer answer = rig.ask(
        {.path = "/api/v1/people", .authorization = value, .api_key = kKey, .peer_ipv4 = kTrusted});
    LONGS_EQUAL(401, answer.status);
    CHECK_TRUE(answer.extra_headers.starts_with("WWW-Authenticate: Bearer"));
    CHECK_TRUE(answer.body.find("people") == std::string_view::npos);
  }
  CHECK_TRUE(ask("Bearer late").find("it is expired") != std::string::npos);
  LONGS_EQUAL(5, rig.api.refused(ApiError::unauthorised));
}

TEST(PeopleRoute, TakesNoOtherMethodAndNoLongBody) {
  LONGS_EQUAL(405, rig.ask({.method = HttpMethod::post, .path = "/api/v1/people"}).status);
  const std::string body(5000, ' ');
  LONGS_EQUAL(413, rig.ask({.path = "/api/v1/people", .body = body}).status);
}
