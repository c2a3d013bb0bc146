#include <vector>

#include "api/api_rig.h"
#include "support/text.h"
#include "support/token_records.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(TokenRoutes) {
  ApiRig rig;

  std::string post(std::string_view body) {
    return rig.post("/api/v1/tokens", body);
  }
  void check_refused(std::string_view body, std::string_view reason) {
    rig.registry.asked.clear();
    const std::string answer = post(body);
    CHECK_EQUAL_TEXT(
        R"(400 {"error":{"code":"malformed","message":")" + std::string(reason) + "\"}}\n", answer,
        std::string(body).c_str());
    CHECK_EQUAL_TEXT(""sv, std::string_view(rig.registry.asked), std::string(body).c_str());
  }
};

TEST(TokenRoutes, ListsWhatIsKnownOfTokensAndNothingThatOpensADoor) {
  setenv("TZ", "UTC", 1);
  tzset();
  std::vector<TokenRecord> records = {record_of("secret", "1"),
                                      record_of("b", "2", WallTime{Duration{1700000000123}})};
  CHECK(records[0].id.assign("a"));
  CHECK(records[0].name.assign("甲"));
  rig.book.load(records);
  CHECK_EQUAL(
      "200 {\"tokens\":["
      R"({"id":"a","user":"1","name":"甲","created":"1970-01-01T00:00:00.000+00:00"},)"
      R"({"id":"b","user":"2","created":"1970-01-01T00:00:00.000+00:00",)"
      "\"expires\":\"2023-11-14T22:13:20.123+00:00\"}]}\n"sv,
      std::string_view(rig.get("/api/v1/tokens")));
}

TEST(TokenRoutes, ANewTokenIsShownOnce) {
  setenv("TZ", "UTC", 1);
  tzset();
  CHECK_EQUAL(R"(201 {"id":"t1","user":"1","name":"甲","created":"2023-11-14T22:13:20.123+00:00",)"
              "\"expires\":\"2023-11-14T22:14:20.123+00:00\",\"token\":\"the-token\"}\n"sv,
              std::string_view(post(R"({"user":"1","name":"\u7532","expiresIn":60})")));
  CHECK_EQUAL("add 1 甲 1700000060123"sv, std::string_view(rig.registry.asked));
}

TEST(TokenRoutes, NameAndExpiryMayBeLeftOut) {
  CHECK(post(R"({"user":"1"})").starts_with("201 "));
  CHECK_EQUAL("add 1  never"sv, std::string_view(rig.registry.asked));
  CHECK(post(R"({"user":"1","name":null,"expiresIn":null,"expiresAt":null})").starts_with("201 "));
  CHECK_EQUAL("add 1  never"sv, std::string_view(rig.registry.asked));
  CHECK(post(R"({"user":"1","expiresAt":"2030-01-01T08:00:00+08:00"})").starts_with("201 "));
  CHECK_EQUAL("add 1  1893456000000"sv, std::string_view(rig.registry.asked));
}

TEST(TokenRoutes, BadBodiesAreRefused) {
  constexpr std::string_view kIn = "expiresIn must be a whole number of seconds, 1 to 3153600000";
  constexpr std::string_view kAt = "expiresAt must be a string such as 2030-01-31T12:00:00+08:00";
  check_refused("[]", "the body must be an object");
  check_refused("{}", "user is missing");
  check_refused(R"({"user":null})", "user is missing");
  check_refused(R"({"user":1})", "user must be a string");
  check_refused(R"({"user":"1","name":1})", "name must be a string");
  check_refused(R"({"user":"1","expiresIn":0})", kIn);
  check_refused(R"({"user":"1","expiresIn":-5})", kIn);
  check_refused(R"({"user":"1","expiresIn":1.5})", kIn);
  check_refused(R"({"user":"1","expiresIn":"60"})", kIn);
  check_refused(R"({"user":"1","expiresIn":3153600001})", kIn);
  check_refused(R"({"user":"1","expiresIn":99999999999999999999})", kIn);
  check_refused(R"({"user":"1","expiresAt":1893456000})", kAt);
  check_refused(R"({"user":"1","expiresAt":"tomorrow"})", kAt);
  check_refused(R"({"user":"1","expiresAt":"2030-02-30T00:00:00Z"})", kAt);
  check_refused(R"({"user":"1","expiresIn":1,"expiresAt":"2030-01-01T00:00:00Z"})",
                "expiresIn and expiresAt exclude each other");
  check_refused(R"({"user":")" + std::string(65, '\\').append(65, '\\') + R"("})",
                "a user id has at most 64 bytes");
  CHECK(post("{").starts_with("400 "));
  CHECK(post("").starts_with("400 "));
}

TEST(TokenRoutes, WhatTheRegistryRefusesIsAnErrorOfItsKind) {
  struct Row {
    RegistryResult result;
    const char* answer;
  };
  for (const Row& row :
       {Row{RegistryResult::refused, "400 {\"error\":{\"code\":\"malformed\""},
        Row{RegistryResult::full, "503 {\"error\":{\"code\":\"table_full\""},
        Row{RegistryResult::unavailable, "503 {\"error\":{\"code\":\"database_unavailable\""}}) {
    rig.registry.result = row.result;
    const std::string answer = post(R"({"user":"1"})");
    CHECK_TEXT(answer.starts_with(row.answer), answer.c_str());
    CHECK_TEXT(answer.ends_with("\"message\":\"told to\"}}\n"), answer.c_str());
  }
}

TEST(TokenRoutes, RevokesById) {
  CHECK_EQUAL("204 "sv,
              std::string_view(ApiRig::text_of(rig.ask(HttpMethod::del, "/api/v1/tokens/t-1"))));
  CHECK_EQUAL("remove t-1"sv, std::string_view(rig.registry.asked));
  rig.registry.result = RegistryResult::not_found;
  LONGS_EQUAL(404, rig.ask(HttpMethod::del, "/api/v1/tokens/t-1").status);
  rig.registry.result = RegistryResult::unavailable;
  LONGS_EQUAL(503, rig.ask(HttpMethod::del, "/api/v1/tokens/t-1").status);
}

TEST(TokenRoutes, NeedTheKeyEvenFromATrustedAddress) {
  struct Row {
    HttpMethod method;
    const char* path;
  };
  for (const Row& row :
       {Row{HttpMethod::get, "/api/v1/tokens"}, Row{HttpMethod::post, "/api/v1/tokens"},
        Row{HttpMethod::del, "/api/v1/tokens/a"}}) {
    LONGS_EQUAL(401, rig.ask({.method = row.method,
                              .path = row.path,
                              .body = R"({"user":"1"})",
                              .peer_ipv4 = kTrusted})
                         .status);
  }
  CHECK_EQUAL(""sv, std::string_view(rig.registry.asked));
}
