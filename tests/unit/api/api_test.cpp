#include "api/api.h"

#include "api_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view kBody = R"({"ROOT":{"BODY":{"eventName":"e"}}})";
constexpr std::string_view kAskForKey =
    "send the push key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'";

std::string error(std::string_view code, std::string_view message) {
  return R"({"error":{"code":")" + std::string(code) + R"(","message":")" + std::string(message) +
         "\"}}\n";
}
std::string envelope(std::string_view code, std::string_view message) {
  return R"({"ROOT":{"BODY":{"RETURN_CODE":")" + std::string(code) + R"(","RETURN_MSG":")" +
         std::string(message) + "\"}}}";
}

}  // namespace

TEST_GROUP(Api) {
  ApiRig rig;

  unsigned status_of(HttpRequest request) {
    return rig.ask(request).status;
  }
  unsigned push_with(std::string_view authorization, std::string_view api_key,
                     std::uint32_t peer = kStranger) {
    return status_of({.method = HttpMethod::post,
                      .path = "/push",
                      .authorization = authorization,
                      .api_key = api_key,
                      .body = kBody,
                      .peer_ipv4 = peer});
  }
};

// --- Routing -------------------------------------------------------------------------------------

TEST(Api, EveryPathIsThere) {
  rig.connect(1);
  rig.login(0, "456");
  for (const std::string_view path :
       {"/api/v1/rooms", "/api/v1/rooms/456", "/api/v1/openapi.yaml", "/api/v1/about",
        "/health/live", "/health/ready", "/metrics"}) {
    for (const HttpMethod method : {HttpMethod::get, HttpMethod::head}) {
      LONGS_EQUAL_TEXT(200, rig.ask(method, path).status, StringFrom(path).asCharString());
    }
  }
  LONGS_EQUAL(200, rig.ask(HttpMethod::post, "/push", kBody).status);
  LONGS_EQUAL(200, rig.ask(HttpMethod::post, "/api/v1/push", R"({"event":"e"})").status);
}

TEST(Api, OtherPathsAreNotThere) {
  for (const std::string_view path :
       {"/pus", "/push/", "/push/x", "/PUSH", "/api", "/api/v1", "/api/v1/", "/api/v2/push",
        "/api/v1/rooms/", "/api/v1/room", "/health", "/health/", "/metrics/", "//push", "",
        "/nothing.html"}) {
    const HttpAnswer answer = rig.ask(HttpMethod::get, path);
    LONGS_EQUAL_TEXT(404, answer.status, StringFrom(path).asCharString());
    CHECK_EQUAL(error("not_found", "no such path"), std::string(answer.body));
  }
}

TEST(Api, AnotherMethodIsToldWhichOneThePathTakes) {
  struct Row {
    std::string_view path;
    std::string_view allow;
  };
  for (const Row& row : {Row{"/push", "Allow: POST\r\n"}, Row{"/api/v1/push", "Allow: POST\r\n"},
                         Row{"/api/v1/rooms", "Allow: GET, HEAD\r\n"},
                         Row{"/api/v1/rooms/456", "Allow: GET, HEAD\r\n"},
                         Row{"/metrics", "Allow: GET, HEAD\r\n"}}) {
    for (const HttpMethod method :
         {HttpMethod::get, HttpMethod::head, HttpMethod::post, HttpMethod::put, HttpMethod::patch,
          HttpMethod::del, HttpMethod::options, HttpMethod::other}) {
      const bool reads = method == HttpMethod::get || method == HttpMethod::head;
      const bool takes = row.allow == "Allow: POST\r\n" ? method == HttpMethod::post : reads;
      if (takes) continue;
      // Without a key: what a path takes is no secret.
      const HttpAnswer answer = rig.ask({.method = method, .path = row.path});
      LONGS_EQUAL_TEXT(405, answer.status, StringFrom(row.path).asCharString());
      CHECK_EQUAL(row.allow, answer.extra_headers);
    }
  }
  LONGS_EQUAL(7 + 7 + 6 + 6 + 6, rig.api.refused(ApiError::method_not_allowed));
}

TEST(Api, APathOfTwoMethodsNamesBoth) {
  for (const HttpMethod method : {HttpMethod::put, HttpMethod::patch, HttpMethod::del}) {
    const HttpAnswer answer = rig.ask({.method = method, .path = "/api/v1/tokens"});
    LONGS_EQUAL(405, answer.status);
    CHECK_EQUAL("Allow: GET, HEAD, POST\r\n"sv, answer.extra_headers);
  }
  const HttpAnswer answer = rig.ask({.method = HttpMethod::get, .path = "/api/v1/tokens/a"});
  LONGS_EQUAL(405, answer.status);
  CHECK_EQUAL("Allow: DELETE\r\n"sv, answer.extra_headers);
}

TEST(Api, ThePushPathIsConfiguration) {
  ApiOptions options = api_options();
  options.push_path = "/hook/push";
  ApiRig moved(options);
  CHECK_EQUAL(
      R"(200 {"ROOT":{"BODY":{"RETURN_CODE":"0000","RETURN_MSG":"ok","DELIVERED":0,"ID":"100"}}})"sv,
      std::string_view(moved.post("/hook/push", kBody)));
  CHECK_EQUAL("404 " + error("not_found", "no such path"), moved.post("/push", kBody));
  CHECK_EQUAL("405 " + envelope("0405", "this path takes another method"), moved.get("/hook/push"));
}

// --- Who may -------------------------------------------------------------------------------------

TEST(Api, AKeyIsABearerOrAHeaderOfItsOwn) {
  LONGS_EQUAL(200, push_with("Bearer 0123456789abcdef", ""));
  LONGS_EQUAL(200, push_with("", kKey));
  LONGS_EQUAL(401, push_with("", ""));
  for (const std::string_view wrong :
       {"Bearer", "Bearer ", "Bearer 0123456789abcdeg", "Bearer 0123456789abcde",
        "Bearer  0123456789abcdef", "0123456789abcdef", "Basic 0123456789abcdef",
        "Bearer0123456789abcdef", "Bearer 0123456789abcdef "}) {
    LONGS_EQUAL_TEXT(401, push_with(wrong, ""), StringFrom(wrong).asCharString());
  }
  LONGS_EQUAL(401, push_with("", "0123456789abcdeg"));
}

TEST(Api, TheWordBearerHasNoCase) {
  // RFC 9110 section 11.1
  LONGS_EQUAL(200, push_with("bearer 0123456789abcdef", ""));
  LONGS_EQUAL(200, push_with("BEARER 0123456789abcdef", ""));
  LONGS_EQUAL(401, push_with("bearer 0123456789ABCDEF", ""));
}

TEST(Api, TrustedAddressesMayPushWithoutAKeyAndNothingElse) {
  for (const std::string_view path : {"/push", "/api/v1/push"}) {
    const HttpRequest request = {.method = HttpMethod::post, .path = path, .body = "{}"};
    HttpRequest trusted = request;
    trusted.peer_ipv4 = kTrusted;
    LONGS_EQUAL(400, status_of(trusted));
    HttpRequest stranger = request;
    stranger.peer_ipv4 = kStranger;
    LONGS_EQUAL(401, status_of(stranger));
  }
  for (const std::string_view path : {"/api/v1/rooms", "/api/v1/rooms/456"}) {
    LONGS_EQUAL(401, status_of({.method = HttpMethod::get, .path = path, .peer_ipv4 = kTrusted}));
  }
}

TEST(Api, AWrongKeyIsNoBetterFromATrustedAddress) {
  LONGS_EQUAL(200, push_with("", "", kTrusted));
  LONGS_EQUAL(401, push_with("Bearer wrong", "", kTrusted));
  LONGS_EQUAL(401, push_with("", "wrong", kTrusted));
}

TEST(Api, WithoutAKeyNothingIsSent) {
  rig.connect(1);
  LONGS_EQUAL(401, push_with("", ""));
  CHECK_EQUAL(""sv, std::string_view(rig.effects.take()));
  LONGS_EQUAL(1, rig.api.refused(ApiError::unauthorised));
}

TEST(Api, TheRefusalSaysHowAndNamesTheScheme) {
  const HttpRequest push = {.method = HttpMethod::post, .path = "/push", .body = kBody};
  HttpAnswer answer = rig.ask(push);
  CHECK_EQUAL(envelope("0401", kAskForKey), std::string(answer.body));
  CHECK_EQUAL("WWW-Authenticate: Bearer realm=\"bellhop\"\r\n"sv, answer.extra_headers);
  answer = rig.ask({.method = HttpMethod::get, .path = "/api/v1/rooms"});
  CHECK_EQUAL(error("unauthorised", kAskForKey), std::string(answer.body));
  CHECK_EQUAL("application/json"sv, answer.content_type);
}

TEST(Api, HealthAndMetricsNeedNoKey) {
  for (const std::string_view path :
       {"/health/live", "/health/ready", "/metrics", "/api/v1/openapi.yaml", "/api/v1/about"}) {
    LONGS_EQUAL(200, status_of({.method = HttpMethod::get, .path = path}));
  }
}

// --- How long ------------------------------------------------------------------------------------

TEST(Api, ABodyIsBoundedBeforeItIsRead) {
  HttpRequest request = {.method = HttpMethod::post, .path = "/push", .api_key = kKey};
  request.body_bytes = 65536;
  CHECK(!rig.api.on_head(request));
  request.body_bytes = 65537;
  const auto refusal = rig.api.on_head(request);
  LONGS_EQUAL(413, refusal->status);
  CHECK_EQUAL(envelope("0413", "the body is longer than limits.body_bytes"),
              std::string(refusal->body));
  request.path = "/api/v1/push";
  CHECK_EQUAL(error("too_large", "the body is longer than limits.body_bytes"),
              std::string(rig.api.on_head(request)->body));
  LONGS_EQUAL(2, rig.api.refused(ApiError::too_large));
}

TEST(Api, WithoutAKeyTheAnswerIsAboutTheKeyHoweverLongTheBody) {
  const HttpRequest request = {.method = HttpMethod::post, .path = "/push", .body_bytes = 1000000};
  LONGS_EQUAL(401, rig.api.on_head(request)->status);
}

TEST(Api, PathsForEverybodyTakeShortBodiesOnly) {
  for (const std::string_view path : {"/metrics", "/health/live", "/"}) {
    HttpRequest request = {.method = HttpMethod::get, .path = path, .body_bytes = 4096};
    CHECK(!rig.api.on_head(request));
    request.body_bytes = 4097;
    const auto refusal = rig.api.on_head(request);
    CHECK_TEXT(refusal.has_value(), StringFrom(path).asCharString());
    LONGS_EQUAL(413, refusal->status);
    CHECK_EQUAL(error("too_large", "the body is longer than limits.body_bytes_unauthorised"),
                std::string(refusal->body));
  }
}

// --- The table of errors -------------------------------------------------------------------------

TEST(Api, ErrorsAreOneTable) {
  for (std::size_t i = 0; i < kApiErrors.size(); ++i) {
    const ApiErrorRow& row = row_of(static_cast<ApiError>(i));
    CHECK(row.status >= 400 && row.status < 600);
    CHECK_EQUAL("0" + std::to_string(row.status), std::string(row.return_code));
    for (std::size_t k = 0; k < i; ++k) CHECK(kApiErrors[k].word != row.word);
  }
}
