#pragma once
// The fixed answers of Engine.IO over HTTP, as the stock server words them.
#include "protocol/http.h"

namespace bellhop::engineio_answer {

constexpr HttpAnswer json(std::uint16_t status, std::string_view body) {
  return {status, "application/json", body, ""};
}

inline constexpr HttpAnswer kTransportUnknown =
    json(400, R"({"code":0,"message":"Transport unknown"})");
inline constexpr HttpAnswer kSessionUnknown =
    json(400, R"({"code":1,"message":"Session ID unknown"})");
inline constexpr HttpAnswer kBadMethod =
    json(400, R"({"code":2,"message":"Bad handshake method"})");
inline constexpr HttpAnswer kBadRequest = json(400, R"({"code":3,"message":"Bad request"})");
inline constexpr HttpAnswer kForbidden = json(403, R"({"code":4,"message":"Forbidden"})");
inline constexpr HttpAnswer kBadRevision =
    json(400, R"({"code":5,"message":"Unsupported protocol version"})");
inline constexpr HttpAnswer kTableFull = json(503, R"({"code":4,"message":"Too many sessions"})");
/// What a session's own requests get when they break the protocol; the session ends.
inline constexpr HttpAnswer kEmpty = {400, "text/html", "", ""};
inline constexpr HttpAnswer kMethodNotAllowed = {500, "text/html", "", ""};
inline constexpr HttpAnswer kTooLarge = {413, "text/html", "", ""};
inline constexpr HttpAnswer kOk = {200, "text/html", "ok", ""};

}  // namespace bellhop::engineio_answer
