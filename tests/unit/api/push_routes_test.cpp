#include "api_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

std::string envelope(std::string_view fields) {
  return "{\"ROOT\":{\"BODY\":{" + std::string(fields) + "}}}";
}
std::string answer(std::string_view code, std::string_view message, std::string_view rest = "") {
  return envelope(R"("RETURN_CODE":")" + std::string(code) + R"(","RETURN_MSG":")" +
                  std::string(message) + "\"" + std::string(rest));
}
std::string error(std::string_view code, std::string_view message) {
  return R"({"error":{"code":")" + std::string(code) + R"(","message":")" + std::string(message) +
         "\"}}\n";
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_GROUP(PushRoutes) {
  ApiRig rig;

  void setup() override {
    rig.connect(3);
    rig.login(0, "456");
    rig.login(2, "456");
  }
  std::string push(std::string_view body) {
    return rig.post("/push", body);
  }
  std::string push_v1(std::string_view body) {
    return rig.post("/api/v1/push", body);
  }
  std::string sent() {
    return rig.effects.take();
  }
};

// --- The seed's envelope -------------------------------------------------------------------------

TEST(PushRoutes, TheSeedsBodyReachesItsRoom) {
  CHECK_EQUAL("200 " + answer("0000", "ok", R"(,"DELIVERED":2,"ID":"100")"),
              push(R"({"ROOT":{"BODY":{"roomId":"456","eventName":"test","data":{}}}})"));
  CHECK_EQUAL("send 0,2 \"test\" {}"sv, std::string_view(sent()));
}

TEST(PushRoutes, DataIsNeverReprinted) {
  const std::string_view data =
      R"({ "id":9007199254740993123,"x":1.0,"s":"\u00e9\/","b":{"z":1,"a":2}})";
  push(envelope(R"("eventName":"t\u0065st","data":)" + std::string(data)));
  CHECK_EQUAL(R"(send 0,1,2 "t\u0065st" )" + std::string(data), sent());
  push(envelope(R"("eventName":"test")"));
  CHECK_EQUAL("send 0,1,2 \"test\""sv, std::string_view(sent()));
}

TEST(PushRoutes, APushToNobodyIsWell) {
  CHECK_EQUAL("200 " + answer("0000", "ok", R"(,"DELIVERED":0,"ID":"100")"),
              push(envelope(R"("roomId":"789","eventName":"test")")));
  CHECK_EQUAL("200 " + answer("0000", "ok", R"(,"DELIVERED":3,"ID":"101")"),
              push(envelope(R"("roomId":null,"eventName":"test")")));
  CHECK_EQUAL("200 " + answer("0000", "ok", R"(,"DELIVERED":3,"ID":"102")"),
              push(envelope(R"("roomId":"","eventName":"test")")));
}

TEST(PushRoutes, TheSeedsCallersReadFourZeroesWhateverTheySay) {
  struct Row {
    std::string_view fields;
    std::string_view reason;
  };
  const Row rows[] = {
      {R"("data":1)", "eventName is missing"},
      {R"("eventName":"")", "eventName is empty"},
      {R"("eventName":5)", "eventName must be a string"},
      {R"("eventName":"connect")", "eventName is reserved by Socket.IO clients"},
      {R"("eventName":"e","roomId":456)", "roomId must be a string"},
  };
  for (const Row& row : rows) {
    CHECK_EQUAL("200 " + answer("0000", row.reason, R"(,"DELIVERED":0)"),
                push(envelope(row.fields)));
  }
  CHECK_EQUAL(""sv, std::string_view(sent()));
  LONGS_EQUAL(5, rig.api.unacceptable_pushes());
  LONGS_EQUAL(0, rig.api.refused(ApiError::malformed));
}

TEST(PushRoutes, WhatIsNoMessageIsToldWhatAndWhere) {
  CHECK_EQUAL("400 " + answer("0400", "unexpected end of the text at byte 0"), push(""));
  CHECK_EQUAL("400 " + answer("0400", "expected a value at byte 2"), push("  nonsense"));
  CHECK_EQUAL("400 " + answer("0400", "ROOT.BODY is missing at byte 8"), push(R"({"ROOT":{}})"));
  CHECK_EQUAL("400 " + answer("0400", "nested too deeply at byte 42"),
              push(envelope(R"("eventName":"e","data":[[[[]]]])")));
  CHECK_EQUAL(""sv, std::string_view(sent()));
  LONGS_EQUAL(4, rig.api.refused(ApiError::malformed));
}

TEST(PushRoutes, WithoutMemoryTheCallerIsToldToTryAgain) {
  rig.effects.no_memory = true;
  CHECK_EQUAL("503 " + answer("0503", "no memory for the message, try again"),
              push(envelope(R"("eventName":"test")")));
  CHECK_EQUAL("503 " + error("overloaded", "no memory for the message, try again"),
              push_v1(R"({"event":"test"})"));
  LONGS_EQUAL(2, rig.api.refused(ApiError::overloaded));
}

TEST(PushRoutes, AMessageThatNoFrameHoldsIsTooLargeAndNotALackOfMemory) {
  ApiOptions options = api_options();
  options.message_bytes = 100;
  ApiRig small(options);
  small.connect(1);
  const std::string fits = "\"" + std::string(92, 'x') + "\"";  // and "test" with its quotes
  const std::string longer = "\"" + std::string(93, 'x') + "\"";
  const auto body = [](const std::string& data) {
    return envelope(R"("eventName":"test","data":)" + data);
  };
  const auto modern = [](const std::string& data) {
    return R"({"event":"test","data":)" + data + "}";
  };
  LONGS_EQUAL(200, small.ask(HttpMethod::post, "/push", body(fits)).status);
  LONGS_EQUAL(200, small.ask(HttpMethod::post, "/api/v1/push", modern(fits)).status);
  small.effects.take();
  const std::string_view reason = "the message is longer than limits.message_bytes";
  CHECK_EQUAL("413 " + answer("0413", reason), small.post("/push", body(longer)));
  CHECK_EQUAL("413 " + error("too_large", reason), small.post("/api/v1/push", modern(longer)));
  CHECK_EQUAL("413 " + error("too_large", "message 1: " + std::string(reason)),
              small.post("/api/v1/push", "[" + modern(fits) + "," + modern(longer) + "]"));
  CHECK_EQUAL(""sv, std::string_view(small.effects.take()));
  LONGS_EQUAL(3, small.api.refused(ApiError::too_large));
}

// --- /api/v1/push --------------------------------------------------------------------------------

TEST(PushRoutes, TheModernFormAnswersWithIdAndCount) {
  CHECK_EQUAL(R"(200 {"id":"100","delivered":2})"sv,
              std::string_view(push_v1(R"({"room":"456","event":"test","data":{"x":1.0}})")));
  CHECK_EQUAL("send 0,2 \"test\" {\"x\":1.0}"sv, std::string_view(sent()));
  CHECK_EQUAL(R"(200 {"id":"101","delivered":3})"sv,
              std::string_view(push_v1(" {\"event\":\"test\"} ")));
}

TEST(PushRoutes, TheModernFormHasHonestStatusCodes) {
  CHECK_EQUAL("400 " + error("malformed", "event is missing"), push_v1("{}"));
  CHECK_EQUAL("400 " + error("malformed", "event is reserved by Socket.IO clients"),
              push_v1(R"({"event":"disconnect"})"));
  CHECK_EQUAL("400 " + error("malformed", "room must be a string"),
              push_v1(R"({"event":"e","room":456})"));
  CHECK_EQUAL("400 " + error("malformed", "the body is neither an object nor an array"),
              push_v1("\"text\""));
  CHECK_EQUAL("400 " + error("malformed", "unexpected end of the text at byte 0"), push_v1(""));
  LONGS_EQUAL(5, rig.api.refused(ApiError::malformed));
  LONGS_EQUAL(0, rig.api.unacceptable_pushes());
}

TEST(PushRoutes, BytesAreCountedFromTheStartOfTheBody) {
  CHECK_EQUAL("400 " + error("malformed", "expected a value at byte 3"), push_v1(" \n\tnonsense"));
}

TEST(PushRoutes, ABatchMayBeOneLevelDeeperThanAMessage) {
  const std::string deepest = R"({"event":"e","data":[[[[]]]]})";  // five levels, as allowed
  const std::string deeper = R"({"event":"e","data":[[[[[]]]]]})";
  LONGS_EQUAL(200, rig.ask(HttpMethod::post, "/api/v1/push", deepest).status);
  LONGS_EQUAL(200, rig.ask(HttpMethod::post, "/api/v1/push", "[" + deepest + "]").status);
  CHECK_EQUAL("400 " + error("malformed", "nested too deeply at byte 24"), push_v1(deeper));
  CHECK_EQUAL("400 " + error("malformed", "nested too deeply at byte 26"),
              push_v1(" [" + deeper + "]"));
}

// --- Batches -------------------------------------------------------------------------------------

TEST(PushRoutes, ABatchAnswersInItsOrder) {
  CHECK_EQUAL(
      R"(200 {"results":[{"id":"100","delivered":2},{"id":"101","delivered":0},{"id":"102","delivered":3}]})"sv,
      std::string_view(push_v1(
          R"([{"room":"456","event":"a"}, {"room":"7","event":"b"} ,{"event":"c","data":[1]}])")));
  CHECK_EQUAL("send 0,2 \"a\"\nsend 0,1,2 \"c\" [1]"sv, std::string_view(sent()));
}

TEST(PushRoutes, AnEmptyBatchIsOne) {
  CHECK_EQUAL(R"(200 {"results":[]})"sv, std::string_view(push_v1("[ ]")));
}

TEST(PushRoutes, ABatchWithAFaultHasNoEffect) {
  CHECK_EQUAL("400 " + error("malformed", "message 1: event is missing"),
              push_v1(R"([{"event":"a"},{},{"event":"b"}])"));
  CHECK_EQUAL("400 " + error("malformed", "message 2: a push must be an object"),
              push_v1(R"([{"event":"a"},{"event":"b"},7])"));
  CHECK_EQUAL(""sv, std::string_view(sent()));
}

TEST(PushRoutes, ABatchIsBounded) {
  std::string batch = "[";
  for (int i = 0; i < 64; ++i) batch += R"({"event":"a"},)";
  batch.back() = ']';
  LONGS_EQUAL(200, rig.ask(HttpMethod::post, "/api/v1/push", batch).status);
  sent();
  batch.back() = ',';
  CHECK_EQUAL("400 " + error("malformed", "message 64: more messages than limits.batch_messages"),
              push_v1(batch + R"({"event":"a"}])"));
  CHECK_EQUAL(""sv, std::string_view(sent()));
}

TEST(PushRoutes, TheLongestBatchHasAllItsResults) {
  ApiOptions options = api_options();
  options.batch_messages = 1024;
  for (const bool no_memory : {false, true}) {
    ApiRig large(options);
    large.connect(1);
    large.effects.no_memory = no_memory;
    std::string batch = "[";
    for (int i = 0; i < 1024; ++i) batch += R"({"event":"a"},)";
    batch.back() = ']';
    const std::string answer = large.post("/api/v1/push", batch);
    CHECK(answer.ends_with("}]}"));
    LONGS_EQUAL(1024, count(answer, no_memory ? R"({"error":)" : R"({"id":)"));
  }
}

TEST(PushRoutes, WithoutMemoryAMessageOfABatchIsAnError) {
  rig.effects.no_memory = true;
  CHECK_EQUAL(
      R"(200 {"results":[{"error":{"code":"overloaded","message":"no memory for the message, try again"}},{"id":"101","delivered":0}]})"sv,
      std::string_view(push_v1(R"([{"event":"a"},{"event":"b","room":"nobody"}])")));
}

// --- Sent again ----------------------------------------------------------------------------------

TEST(PushRoutes, TheSameKeyAgainGetsTheFirstAnswerAndSendsNothing) {
  const std::string_view body = R"({"event":"a","idempotencyKey":"k1"})";
  CHECK_EQUAL(R"(200 {"id":"100","delivered":3})"sv, std::string_view(push_v1(body)));
  sent();
  rig.gateway.disconnected({0, 1});
  CHECK_EQUAL(R"(200 {"id":"100","delivered":3,"repeated":true})"sv,
              std::string_view(push_v1(body)));
  CHECK_EQUAL(""sv, std::string_view(sent()));
  CHECK_EQUAL(R"(200 {"id":"101","delivered":2})"sv,
              std::string_view(push_v1(R"({"event":"a","idempotencyKey":"k2"})")));
}

TEST(PushRoutes, AKeyMayBeRepeatedWithinABatch) {
  CHECK_EQUAL(
      R"(200 {"results":[{"id":"100","delivered":3},{"id":"100","delivered":3,"repeated":true}]})"sv,
      std::string_view(
          push_v1(R"([{"event":"a","idempotencyKey":"k"},{"event":"a","idempotencyKey":"k"}])")));
}

TEST(PushRoutes, WhatCouldNotBeSentIsNotRemembered) {
  const std::string_view body = R"({"event":"a","idempotencyKey":"k1"})";
  rig.effects.no_memory = true;
  LONGS_EQUAL(503, rig.ask(HttpMethod::post, "/api/v1/push", body).status);
  rig.effects.no_memory = false;
  CHECK_EQUAL(R"(200 {"id":"101","delivered":3})"sv, std::string_view(push_v1(body)));
}

TEST(PushRoutes, WithoutAKeyEveryPushIsNew) {
  for (int id = 100; id < 103; ++id) {
    CHECK_EQUAL(R"(200 {"id":")" + std::to_string(id) + R"(","delivered":3})",
                push_v1(R"({"event":"a","idempotencyKey":""})"));
  }
}
