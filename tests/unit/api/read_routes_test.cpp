#include "api_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(ReadRoutes) {
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
};

TEST(ReadRoutes, ListsTheRooms) {
  CHECK_EQUAL("200 {\"rooms\":[]}\n"sv, std::string_view(rig.get("/api/v1/rooms")));
  rig.connect(2);
  rig.login(0, "456");
  rig.login(1, "456");
  rig.login(1, "呼\"叫");
  CHECK_EQUAL(
      "200 {\"rooms\":[{\"id\":\"456\",\"members\":2,\"since\":\"2023-11-14T22:13:20.123+00:00\"},"
      "{\"id\":\"呼\\\"叫\",\"members\":1,\"since\":\"2023-11-14T22:13:20.123+00:00\"}]}\n"sv,
      std::string_view(rig.get("/api/v1/rooms")));
}

TEST(ReadRoutes, ShowsOneRoomAndItsSessions) {
  rig.connect(2);
  rig.login(1, "456", "loginWhenFirst");
  rig.login(0, "456");
  CHECK_EQUAL(
      "200 {\"id\":\"456\",\"members\":2,\"since\":\"2023-11-14T22:13:20.123+00:00\",\"sessions\":["
      "{\"sid\":\"sid1\",\"type\":\"loginWhenFirst\",\"since\":\"2023-11-14T22:13:20.123+00:00\"},"
      "{\"sid\":\"sid0\",\"type\":\"loginWhenever\",\"since\":\"2023-11-14T22:13:20.123+00:00\"}]}"
      "\n"sv,
      std::string_view(rig.get("/api/v1/rooms/456")));
}

TEST(ReadRoutes, ARoomMayHaveAnyName) {
  rig.connect(1);
  for (const std::string_view name : {"a/b", "rooms", "...", "呼叫"}) {
    rig.login(0, name);
    LONGS_EQUAL(200, rig.ask(HttpMethod::get, "/api/v1/rooms/" + std::string(name)).status);
  }
}

TEST(ReadRoutes, ARoomWithNobodyIsNotFound) {
  CHECK_EQUAL(
      "404 {\"error\":{\"code\":\"not_found\",\"message\":\"nobody is in a room of this id\"}}\n"sv,
      std::string_view(rig.get("/api/v1/rooms/456")));
  LONGS_EQUAL(1, rig.api.refused(ApiError::not_found));
}

TEST(ReadRoutes, ARoomReadBackTellsWhoHeldIt) {
  CHECK(rig.gateway.rooms().restore("456", WallTime{}, 3));
  CHECK_EQUAL(
      "200 {\"rooms\":[{\"id\":\"456\",\"members\":0,\"since\":\"1970-01-01T00:00:00.000+00:00\","
      "\"heldBefore\":3}]}\n"sv,
      std::string_view(rig.get("/api/v1/rooms")));
  CHECK(rig.get("/api/v1/rooms/456").ends_with("\"heldBefore\":3,\"sessions\":[]}\n"));
}

TEST(ReadRoutes, HealthTellsWhetherItServes) {
  CHECK_EQUAL(R"(200 {"status":"live"})"sv, std::string_view(rig.get("/health/live")));
  CHECK_EQUAL(R"(200 {"status":"ready","version":"1.2.3"})"sv,
              std::string_view(rig.get("/health/ready")));
  rig.status.unready = "the \"disk\" is full";
  CHECK_EQUAL(R"(503 {"status":"not ready","reason":"the \"disk\" is full"})"sv,
              std::string_view(rig.get("/health/ready")));
  CHECK_EQUAL(R"(200 {"status":"live"})"sv, std::string_view(rig.get("/health/live")));
}

TEST(ReadRoutes, DescribesItself) {
  const HttpAnswer answer = rig.ask(HttpMethod::get, "/api/v1/openapi.yaml");
  CHECK_EQUAL("application/yaml"sv, answer.content_type);
  CHECK(answer.body.starts_with("openapi: 3."));
  for (const std::string_view path :
       {"\n  /push:\n", "\n  /api/v1/push:\n", "\n  /api/v1/rooms:\n", "\n  /api/v1/rooms/{id}:\n",
        "\n  /api/v1/openapi.yaml:\n", "\n  /api/v1/about:\n", "\n  /health/live:\n",
        "\n  /health/ready:\n", "\n  /metrics:\n"}) {
    CHECK_TEXT(answer.body.find(path) != std::string_view::npos, StringFrom(path).asCharString());
  }
  for (const ApiErrorRow& row : kApiErrors) {
    CHECK(answer.body.find(row.word) != std::string_view::npos);
  }
}

TEST(ReadRoutes, TellsPagesWhereThingsAre) {
  CHECK_EQUAL(
      R"(200 {"version":"1.2.3","paths":{"socketio":"/socket.io/","push":"/push","terminals":"/ws"}})"sv,
      std::string_view(rig.get("/api/v1/about")));
}

TEST(ReadRoutes, MetricsAreTheProgramsAndTheApisOwn) {
  rig.get("/nowhere");
  rig.post("/push", "x");
  rig.post("/push", "y");
  rig.post("/push", R"({"ROOT":{"BODY":{}}})");
  const HttpAnswer answer = rig.ask(HttpMethod::get, "/metrics");
  CHECK_EQUAL("text/plain; version=0.0.4; charset=utf-8"sv, answer.content_type);
  for (const std::string_view line :
       {"\nbellhop_of_the_program 4\n", "\nbellhop_http_refused_total{error=\"not_found\"} 1\n",
        "\nbellhop_http_refused_total{error=\"malformed\"} 2\n",
        "\nbellhop_http_refused_total{error=\"overloaded\"} 0\n",
        "\nbellhop_pushes_unacceptable_total 1\n"}) {
    CHECK_TEXT(answer.body.find(line) != std::string_view::npos, StringFrom(line).asCharString());
  }
}
