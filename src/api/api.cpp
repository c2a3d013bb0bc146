#include "api/api.h"

#include <cstdio>

#include "console/embedded_files.h"

namespace bellhop {
namespace {

constexpr std::size_t kRecentPushes = 1024;
/// Every answer that is composed here, without the results of a batch.
constexpr std::size_t kAnswerBytes = 4096;
constexpr std::size_t kResultBytes = 128;  ///< one message's result in a batch, at most

}  // namespace

Api::Api(const ApiOptions& options, Gateway& gateway, const Switchboard& switchboard,
         const TokenBook& tokens, TokenRegistry& token_registry, Authority& authority,
         const KeyRing& push_keys, const KeyRing& admin_keys, const SystemStatus& status)
    : options_(options),
      gateway_(gateway),
      switchboard_(switchboard),
      tokens_(tokens),
      token_registry_(token_registry),
      authority_(authority),
      push_keys_(push_keys),
      admin_keys_(admin_keys),
      status_(status),
      routes_{{
          {HttpMethod::post, options_.push_path, Match::exact, Access::push_key_or_trusted,
           &Api::post_push, "POST"},
          {HttpMethod::post, "/api/v1/push", Match::exact, Access::push_key_or_trusted,
           &Api::post_push_v1, "POST"},
          {HttpMethod::get, "/api/v1/rooms", Match::exact, Access::push_key, &Api::get_rooms,
           "GET, HEAD"},
          {HttpMethod::get, "/api/v1/rooms/", Match::prefix, Access::push_key, &Api::get_room,
           "GET, HEAD"},
          {HttpMethod::del, "/api/v1/rooms/", Match::member, Access::admin_key, &Api::delete_member,
           "GET, HEAD, DELETE"},
          {HttpMethod::get, "/api/v1/users", Match::exact, Access::push_key, &Api::get_users,
           "GET, HEAD"},
          {HttpMethod::get, "/api/v1/users/", Match::prefix, Access::push_key, &Api::get_user,
           "GET, HEAD"},
          {HttpMethod::get, "/api/v1/calls", Match::exact, Access::push_key, &Api::get_calls,
           "GET, HEAD"},
          {HttpMethod::get, "/api/v1/people", Match::exact, Access::own_token, &Api::get_people,
           "GET, HEAD"},
          {HttpMethod::get, "/api/v1/tokens", Match::exact, Access::push_key, &Api::get_tokens,
           "GET, HEAD, POST"},
          {HttpMethod::post, "/api/v1/tokens", Match::exact, Access::push_key, &Api::post_token,
           "GET, HEAD, POST"},
          {HttpMethod::del, "/api/v1/tokens/", Match::prefix, Access::push_key, &Api::delete_token,
           "DELETE"},
          {HttpMethod::get, "/api/v1/access", Match::exact, Access::push_key, &Api::get_access,
           "GET, HEAD"},
          {HttpMethod::get, "/api/v1/log", Match::exact, Access::admin_key, &Api::get_log,
           "GET, HEAD"},
          {HttpMethod::get, "/api/v1/openapi.yaml", Match::exact, Access::open, &Api::get_openapi,
           "GET, HEAD"},
          {HttpMethod::get, "/api/v1/about", Match::exact, Access::open, &Api::get_about,
           "GET, HEAD"},
          {HttpMethod::get, "/health/live", Match::exact, Access::open, &Api::get_live,
           "GET, HEAD"},
          {HttpMethod::get, "/health/ready", Match::exact, Access::open, &Api::get_ready,
           "GET, HEAD"},
          {HttpMethod::get, "/metrics", Match::exact, Access::open, &Api::get_metrics, "GET, HEAD"},
      }},
      files_(embedded_files()),
      recent_(kRecentPushes),
      buffer_(kAnswerBytes + options.batch_messages * kResultBytes) {}

// --- Routing -------------------------------------------------------------------------------------

bool Api::matches(const Route& route, std::string_view path) {
  if (route.match == Match::exact) return path == route.path;
  if (path.size() <= route.path.size() || !path.starts_with(route.path)) return false;
  if (route.match == Match::prefix) return true;
  const std::size_t at = path.rfind(kSessions);
  return at != path.npos && at > route.path.size() && at + kSessions.size() < path.size();
}

const Api::Route* Api::find(const HttpRequest& request, const Route** other_method) const {
  const HttpMethod method = request.method == HttpMethod::head ? HttpMethod::get : request.method;
  for (const Route& route : routes_) {
    if (!matches(route, request.path)) continue;
    if (route.method == method) return &route;
    *other_method = &route;
  }
  return nullptr;
}

std::string_view Api::presented_key(const HttpRequest& request) {
  const std::string_view bearer = http_bearer(request.authorization);
  return bearer.empty() ? request.api_key : bearer;
}

std::optional<ApiError> Api::refusal(const Route& route, const HttpRequest& request) const {
  if (route.access == Access::open || route.access == Access::own_token) return std::nullopt;
  const std::string_view key = presented_key(request);
  if (!key.empty()) {  // a wrong key is no better for a trusted address
    const bool admin = admin_keys_.accepts(key);
    if (!admin && !push_keys_.accepts(key)) return ApiError::unauthorised;
    if (!admin && route.access == Access::admin_key) return ApiError::forbidden;
    return std::nullopt;
  }
  if (route.access == Access::push_key_or_trusted) {
    for (const Ipv4Network& network : options_.trusted_push_addresses) {
      if (network.contains(request.peer_ipv4)) return std::nullopt;
    }
  }
  return ApiError::unauthorised;
}

std::optional<HttpAnswer> Api::on_head(const HttpRequest& request) {
  const Route* other_method = nullptr;
  const Route* route = find(request, &other_method);
  if (route == nullptr) {
    const auto refusal =
        refuse_routeless(request, other_method != nullptr ? other_method->allow : "");
    return refusal ? refusal : refuse_long_body(request, Access::open);
  }
  const auto refused = refusal(*route, request);
  if (refused == ApiError::forbidden) {
    return fail(request.path, ApiError::forbidden, "only the admin key may do this");
  }
  if (refused) {
    const bool admin = route->access == Access::admin_key;
    return fail(request.path, ApiError::unauthorised,
                admin ? "send the admin key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'"
                      : "send the push key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'",
                kBearerChallenge);
  }
  return refuse_long_body(request, route->access);
}

std::optional<HttpAnswer> Api::refuse_long_body(const HttpRequest& request, Access access) {
  const bool no_key = access == Access::open || access == Access::own_token;
  if (no_key && request.body_bytes > options_.body_bytes_unauthorised) {
    return fail(request.path, ApiError::too_large,
                "the body is longer than limits.body_bytes_unauthorised");
  }
  if (request.body_bytes > options_.body_bytes) {
    return fail(request.path, ApiError::too_large, "the body is longer than limits.body_bytes");
  }
  return std::nullopt;
}

std::optional<HttpAnswer> Api::refuse_routeless(const HttpRequest& request,
                                                std::string_view allow) {
  if (allow.empty() && files_.has(request.path)) {
    if (request.method == HttpMethod::get || request.method == HttpMethod::head) {
      return std::nullopt;
    }
    allow = "GET, HEAD";
  }
  if (allow.empty()) return fail(request.path, ApiError::not_found, "no such path");
  std::snprintf(message_.data(), message_.size(), "Allow: %.*s\r\n", static_cast<int>(allow.size()),
                allow.data());
  return fail(request.path, ApiError::method_not_allowed, "this path takes another method",
              message_.data());
}

HttpAnswer Api::on_request(const HttpRequest& request, Instant) {
  const Route* other_method = nullptr;
  const Route* route = find(request, &other_method);
  return route != nullptr ? (this->*route->handle)(request) : files_.answer(request);
}

// --- Answers -------------------------------------------------------------------------------------

HttpAnswer Api::json(std::uint16_t status, const JsonWriter& out) const {
  return {status, "application/json", out.text(), ""};
}

HttpAnswer Api::answer(const Document& document, std::uint16_t status) {
  text_ = print(document);
  return {status, "application/json", text_, ""};
}

HttpAnswer Api::envelope(std::uint16_t status, const PushAnswer& answer,
                         std::string_view extra_headers) {
  JsonWriter out(buffer_.span());
  push_write_envelope(answer, out);
  return {status, "application/json", out.text(), extra_headers};
}

HttpAnswer Api::fail(std::string_view path, ApiError error, std::string_view message,
                     std::string_view extra_headers) {
  ++refused_[static_cast<std::size_t>(error)];
  const ApiErrorRow& row = row_of(error);
  if (has_envelope(path)) {
    return envelope(row.status, {row.return_code, message, std::nullopt, ""}, extra_headers);
  }
  JsonWriter out(buffer_.span());
  out.raw(R"({"error":{"code":)")
      .string(row.word)
      .raw(R"(,"message":)")
      .string(message)
      .raw("}}\n");
  return {row.status, "application/json", out.text(), extra_headers};
}

HttpAnswer Api::malformed_at(std::string_view path, std::string_view reason, std::size_t offset) {
  const int size = std::snprintf(message_.data(), message_.size(), "%.*s at byte %zu",
                                 static_cast<int>(reason.size()), reason.data(), offset);
  return fail(path, ApiError::malformed, {message_.data(), static_cast<std::size_t>(size)});
}

}  // namespace bellhop
