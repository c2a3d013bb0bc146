#include "protocol/socketio.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view kValid[] = {
    R"([])",
    R"(["ev",{"_placeholder":true,"num":0}])",
    R"(["ev",{"num":1,"_placeholder":true}])",
    R"(["ev",{ "_placeholder" : true , "num" : 1 , "x" : {} }])",
    R"(["ev",{"a":[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]}])",
    R"(["ev",{"_placeholder":false,"num":9}])",
    R"(["ev",{"_placeholder":"true","num":9}])",
    R"(["ev",{"_placeholder":{"a":true},"num":9}])",
    R"(["ev",{"num":9}])",
    R"(["ev",{"num":{"num":9}}])",
    R"(["_placeholder",true,"num",9])",
    R"(["ev","{\"_placeholder\":true,\"num\":9}"])",
    R"(["ev",{"_placeholder":true,"num":9,"num":1}])",
    R"(["ev",{"_placeholder":true,"_placeholder":false}])",
    R"(["ev",{"b":{"num":7},"_placeholder":true,"num":1,"a":[{"num":9}]}])",
    R"(["ev",{"\u005fplaceholder":true,"nu\u006d":0}])",
};

constexpr std::string_view kInvalid[] = {
    R"(["ev",{"_placeholder":true,"num":2}])",
    R"(["ev",{"num":2,"_placeholder":true}])",
    R"(["ev",{"_placeholder":true}])",
    R"(["ev",{"_placeholder":true,"num":-1}])",
    R"(["ev",{"_placeholder":true,"num":-0}])",
    R"(["ev",{"_placeholder":true,"num":0.5}])",
    R"(["ev",{"_placeholder":true,"num":1e0}])",
    R"(["ev",{"_placeholder":true,"num":"0"}])",
    R"(["ev",{"_placeholder":true,"num":null}])",
    R"(["ev",{"_placeholder":true,"num":[0]}])",
    R"(["ev",{"_placeholder":true,"num":99999999999999999999}])",
    R"(["ev",{"_placeholder":true,"num":0,"num":2}])",
    R"(["ev",{"_placeholder":false,"_placeholder":true,"num":2}])",
    R"(["ev",{"a":{"b":[1,{"_placeholder":true,"num":2}]}}])",
    R"(["ev",{"_placeholder":true,"a":{"num":0}}])",
    R"(["ev",{"_placeholder":true,"num":0},{"_placeholder":true,"num":2}])",
    R"(["ev",{"\u005fplaceholder":true,"num":2}])",
    R"({"_placeholder":true,"num":2})",
};

}  // namespace

TEST_GROUP(SocketIoPlaceholder){};

TEST(SocketIoPlaceholder, TakesNumbersBelowTheAttachments) {
  for (const std::string_view json : kValid) {
    CHECK_TEXT(socketio_placeholders_valid(json, 2), StringFrom(json).asCharString());
  }
}

TEST(SocketIoPlaceholder, RefusesOthers) {
  for (const std::string_view json : kInvalid) {
    CHECK_FALSE_TEXT(socketio_placeholders_valid(json, 2), StringFrom(json).asCharString());
  }
}

TEST(SocketIoPlaceholder, LooksAtEveryLevelJsonCheckAllows) {
  const auto nested = [](std::string_view inner) {
    return std::string(63, '[') + std::string(inner) + std::string(63, ']');
  };
  CHECK(socketio_placeholders_valid(nested(R"({"_placeholder":true,"num":1})"), 2));
  CHECK_FALSE(socketio_placeholders_valid(nested(R"({"_placeholder":true,"num":2})"), 2));
}
