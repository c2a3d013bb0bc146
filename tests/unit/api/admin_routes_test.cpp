#include "api_rig.h"
#include "base/log.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view kSeat = "/api/v1/rooms/456/sessions/sid1";

}  // namespace

TEST_GROUP(AdminRoutes) {
  ApiRig rig;

  std::string get_as_admin(std::string_view path) {
    return ApiRig::text_of(rig.ask_as_admin(HttpMethod::get, path));
  }
};

TEST(AdminRoutes, AccessTellsWhatAKeyMayDo) {
  CHECK_EQUAL(R"(200 {"push":true,"admin":true})"sv,
              std::string_view(get_as_admin("/api/v1/access")));
  CHECK_EQUAL(R"(200 {"push":true,"admin":false})"sv, std::string_view(rig.get("/api/v1/access")));
  for (const std::string_view key : {""sv, "wrong"sv, "0123456789abcdeF"sv}) {
    LONGS_EQUAL(401, rig.ask({.path = "/api/v1/access", .api_key = key}).status);
  }
  LONGS_EQUAL(401, rig.ask({.path = "/api/v1/access", .peer_ipv4 = kTrusted}).status);
}

TEST(AdminRoutes, AnAdminKeyDoesWhereverAPushKeyDoes) {
  for (const std::string_view path :
       {"/api/v1/rooms", "/api/v1/users", "/api/v1/calls", "/api/v1/tokens", "/api/v1/log"}) {
    LONGS_EQUAL_TEXT(200, rig.ask_as_admin(HttpMethod::get, path).status,
                     StringFrom(path).asCharString());
  }
  const HttpAnswer answer = rig.ask({.method = HttpMethod::post,
                                     .path = "/push",
                                     .authorization = "Bearer fedcba9876543210",
                                     .body = R"({"ROOT":{"BODY":{"eventName":"e"}}})",
                                     .peer_ipv4 = kStranger});
  LONGS_EQUAL(200, answer.status);
}

TEST(AdminRoutes, APushKeyIsNoAdminKey) {
  rig.connect(2);
  rig.login(1, "456");
  for (const HttpAnswer& answer :
       {rig.ask(HttpMethod::del, kSeat), rig.ask(HttpMethod::get, "/api/v1/log")}) {
    LONGS_EQUAL(403, answer.status);
  }
  CHECK_EQUAL(
      "403 {\"error\":{\"code\":\"forbidden\",\"message\":\"only the admin key may do this\"}}\n"sv,
      std::string_view(rig.get("/api/v1/log")));
  LONGS_EQUAL(401, rig.ask({.method = HttpMethod::del, .path = kSeat}).status);
  LONGS_EQUAL(401, rig.ask({.method = HttpMethod::del, .path = kSeat, .api_key = "wrong"}).status);
  CHECK_EQUAL(""sv, rig.effects.take());
  LONGS_EQUAL(1, rig.gateway.rooms().members("456").size());
}

TEST(AdminRoutes, KicksASessionOutOfARoom) {
  rig.connect(3);
  rig.login(1, "456");
  rig.login(2, "456");
  CHECK_EQUAL("204 "sv,
              std::string_view(ApiRig::text_of(rig.ask_as_admin(HttpMethod::del, kSeat))));
  CHECK_EQUAL(R"x(send 1 "downmsg" {"code":"2005","msg":"you have kicked out room (id456)"})x"sv,
              rig.effects.take());
  LONGS_EQUAL(1, rig.gateway.rooms().members("456").size());
  LONGS_EQUAL(404, rig.ask_as_admin(HttpMethod::del, kSeat).status);
}

TEST(AdminRoutes, ARoomWhoseNameLooksLikeAPathIsFoundToo) {
  rig.connect(1);
  for (const std::string_view name : {"a/b", "a/sessions/b", "/sessions/", "呼叫"}) {
    rig.login(0, name);
    const std::string path = "/api/v1/rooms/" + std::string(name) + "/sessions/sid0";
    LONGS_EQUAL_TEXT(204, rig.ask_as_admin(HttpMethod::del, path).status, path.c_str());
  }
}

TEST(AdminRoutes, WhoIsNotThereCannotBeKicked) {
  rig.connect(2);
  rig.login(0, "456");
  for (const std::string_view path : {kSeat, "/api/v1/rooms/457/sessions/sid0"sv}) {
    CHECK_EQUAL(
        "404 {\"error\":{\"code\":\"not_found\",\"message\":\"no session of this id is in "
        "the room\"}}\n"sv,
        std::string_view(ApiRig::text_of(rig.ask_as_admin(HttpMethod::del, path))));
  }
  for (const std::string_view path :
       {"/api/v1/rooms/456"sv, "/api/v1/rooms/456/sessions/"sv, "/api/v1/rooms//sessions/sid0"sv}) {
    const HttpAnswer answer = rig.ask_as_admin(HttpMethod::del, path);
    LONGS_EQUAL_TEXT(405, answer.status, StringFrom(path).asCharString());
    CHECK_EQUAL("Allow: GET, HEAD\r\n"sv, answer.extra_headers);
  }
  const HttpAnswer answer = rig.ask_as_admin(HttpMethod::put, kSeat);
  LONGS_EQUAL(405, answer.status);
  CHECK_EQUAL("Allow: GET, HEAD, DELETE\r\n"sv, answer.extra_headers);
  LONGS_EQUAL(1, rig.gateway.rooms().members("456").size());
}

TEST(AdminRoutes, TheLogsLastLineIsTheLast) {
  log_event(LogLevel::warn, "api_test", {{"room", "呼\"叫"}});
  const std::string text = get_as_admin("/api/v1/log");
  CHECK(text.starts_with("200 {\"lines\":[{\"n\":"));
  CHECK_TEXT(text.ends_with(" level=warn event=api_test room=\\\"呼\\\\\\\"叫\\\"\"}]}\n"),
             text.substr(text.size() - 100).c_str());
}

TEST(AdminRoutes, BytesThatAreNoTextLeaveTheLogValid) {
  log_event(LogLevel::warn, "api_test", {{"file", "a\xff\x80z"}});
  const std::string text = get_as_admin("/api/v1/log");
  CHECK_TEXT(text.ends_with(" event=api_test file=a??z\"}]}\n"),
             text.substr(text.size() - 100).c_str());
}
