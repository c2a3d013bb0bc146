#include "edge/http_edge.h"

#include <libwebsockets.h>

#include <cstdio>
#include <cstring>
#include <utility>

#include "protocol/json.h"

namespace bellhop {
namespace {

constexpr std::size_t kHeadBytes = 2048;
/// A refused body up to this length is read and dropped, so that the client gets its answer and
/// the connection lives; beyond, the connection ends.
constexpr std::size_t kDiscardBytes = std::size_t{4} << 20;

constexpr HttpAnswer plain_error(std::uint16_t status, std::string_view text) {
  return {status, "text/plain; charset=UTF-8", text, ""};
}
constexpr HttpAnswer kBadLength = plain_error(400, "Content-Length is no number\n");
constexpr HttpAnswer kLengthRequired = plain_error(411, "a body needs Content-Length\n");
constexpr HttpAnswer kNoBuffer = plain_error(503, "too many requests are being read, try again\n");
constexpr HttpAnswer kUpgradeRequired = {426, "text/plain; charset=UTF-8",
                                         "this path takes WebSocket connections\n",
                                         "Upgrade: websocket\r\n"};
constexpr HttpAnswer kOverload = plain_error(503, "too many connections, try again\n");
constexpr HttpAnswer kTooManyConnections =
    plain_error(503, "too many connections from this address\n");
constexpr HttpAnswer kTooManySessions = {
    503, "application/json", R"({"code":4,"message":"Too many new sessions from this address"})",
    "Retry-After: 1\r\n"};
constexpr HttpAnswer kForbiddenOrigin = {403, "application/json",
                                         R"({"code":4,"message":"Forbidden"})", ""};

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

/// Status line and headers up to the empty line; a negative number or one beyond `capacity` when
/// they do not fit. 204 and 304 say nothing of a content (RFC 9110 section 8.6).
int compose_head(char* out, std::size_t capacity, const HttpAnswer& answer,
                 std::string_view more_headers) {
  std::array<char, 128> content{};
  if (answer.status != 204 && answer.status != 304) {
    std::snprintf(content.data(), content.size(), "Content-Type: %.*s\r\nContent-Length: %zu\r\n",
                  static_cast<int>(answer.content_type.size()), answer.content_type.data(),
                  answer.body.size());
  }
  return std::snprintf(out, capacity, "HTTP/1.1 %u %s\r\n%sCache-Control: %.*s\r\n%.*s%.*s\r\n",
                       static_cast<unsigned>(answer.status), reason_phrase(answer.status).data(),
                       content.data(), static_cast<int>(answer.cache_control.size()),
                       answer.cache_control.data(), static_cast<int>(answer.extra_headers.size()),
                       answer.extra_headers.data(), static_cast<int>(more_headers.size()),
                       more_headers.data());
}

EngineIoMethod engine_method(HttpMethod method) {
  if (method == HttpMethod::get) return EngineIoMethod::get;
  return method == HttpMethod::post ? EngineIoMethod::post : EngineIoMethod::other;
}

}  // namespace

HttpEdge::HttpEdge(EdgeContext& edge, std::size_t answer_bytes)
    : edge_(edge), answer_buffer_(LWS_PRE + kHeadBytes + answer_bytes) {}

// --- The head ------------------------------------------------------------------------------------

int HttpEdge::on_head(lws* wsi, Connection& connection) {
  ++edge_.counters.http_requests;
  connection.mount = nullptr;
  connection.session = {};
  if (!connection.counted) return answer_and_close(wsi, kTooManyConnections);
  const HttpMethod method = head_method(wsi);
  const auto body_bytes = head_body_bytes(wsi);
  if (!body_bytes) return answer_and_close(wsi, kBadLength);
  if (const Mount* mount = find_mount(edge_, head_path(wsi))) {
    if (mount->engine == nullptr) return answer_and_close(wsi, kUpgradeRequired);
    return on_engine_head(wsi, connection, *mount, method, *body_bytes);
  }
  if (head_body_unbounded(wsi, method)) return answer_and_close(wsi, kLengthRequired);
  return on_api_head(wsi, connection, method, *body_bytes);
}

int HttpEdge::on_engine_head(lws* wsi, Connection& connection, const Mount& mount,
                             HttpMethod method, std::size_t body_bytes) {
  if (!edge_.admission.origin_allowed(head_origin(wsi, scratch_), head_host(wsi, scratch_))) {
    return answer(wsi, kForbiddenOrigin);
  }
  if (method == HttpMethod::options) return preflight(wsi);
  if (method == HttpMethod::post && head_body_unbounded(wsi, method)) {
    return answer_and_close(wsi, kLengthRequired);
  }
  std::array<char, 512> cors_buffer;
  const std::string_view cors = cors_headers(wsi, cors_buffer);
  const EngineIoServer::Request request = {.method = engine_method(method),
                                           .query = head_engineio_query(wsi, scratch_),
                                           .connection = edge_.connections.id_of(connection),
                                           .content_type = head_content_type(wsi, scratch_),
                                           .body_bytes = body_bytes};
  if (request.query.sid.empty() && method == HttpMethod::get &&
      !edge_.admission.session_allowed(connection.peer_ipv4, edge_.loop.now())) {
    return answer(wsi, kTooManySessions, cors);
  }
  const EngineIoServer::Reaction reaction = mount.engine->request(request, edge_.loop.now());
  connection.mount = &mount;
  connection.session = reaction.session;
  switch (reaction.next) {
    case EngineIoServer::Next::answer:
      if (head_body_unbounded(wsi, method)) return answer_and_close(wsi, reaction.answer);
      return answer(wsi, reaction.answer, cors);
    case EngineIoServer::Next::hang:
      connection.hanging = true;
      lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
      return 0;
    case EngineIoServer::Next::read_body:
      connection.binary_body = request.binary();
      read_body(connection, body_bytes);
      return 0;
  }
  return 1;
}

int HttpEdge::on_api_head(lws* wsi, Connection& connection, HttpMethod method,
                          std::size_t body_bytes) {
  const HttpRequest request = api_request(wsi, connection, method, body_bytes);
  if (const auto refusal = edge_.handler.on_head(request)) {
    return body_bytes > kDiscardBytes ? answer_and_close(wsi, *refusal) : answer(wsi, *refusal);
  }
  if (body_bytes > 0 || method == HttpMethod::post) {  // lws completes an empty POST too
    read_body(connection, body_bytes);
    return 0;
  }
  return answer(wsi, edge_.handler.on_request(request, edge_.loop.now()));
}

HttpRequest HttpEdge::api_request(lws* wsi, const Connection& connection, HttpMethod method,
                                  std::size_t body_bytes) {
  const bool reads = method == HttpMethod::get || method == HttpMethod::head;
  return {.method = method,
          .path = head_path(wsi),
          .authorization = head_authorization(wsi, scratch_),
          .api_key = head_api_key(wsi, scratch_),
          .accept_encoding = reads ? head_accept_encoding(wsi, scratch_) : std::string_view{},
          .if_none_match = reads ? head_if_none_match(wsi, scratch_) : std::string_view{},
          .body = {},
          .body_bytes = body_bytes,
          .peer_ipv4 = connection.peer_ipv4};
}

int HttpEdge::preflight(lws* wsi) {
  std::array<char, 1200> headers;
  std::array<char, 512> cors_buffer;
  const std::string_view cors = cors_headers(wsi, cors_buffer);
  const std::string_view requested = head_requested_headers(wsi, scratch_);
  const int size = std::snprintf(
      headers.data(), headers.size(),
      "%.*sAccess-Control-Allow-Methods: GET,POST,OPTIONS\r\n%s%.*s%s"
      "Access-Control-Max-Age: 600\r\n",
      static_cast<int>(cors.size()), cors.data(),
      requested.empty() ? "" : "Access-Control-Allow-Headers: ", static_cast<int>(requested.size()),
      requested.data(), requested.empty() ? "" : "\r\nVary: Access-Control-Request-Headers\r\n");
  return answer(wsi, {204, "", "", {headers.data(), static_cast<std::size_t>(size)}});
}

std::string_view HttpEdge::cors_headers(lws* wsi, std::span<char> out) {
  // Pages of 2.x clients send credentials, for which `*` is no answer: the Origin is echoed.
  const std::string_view origin = head_origin(wsi, scratch_);
  if (origin.empty()) return {};
  const int size = std::snprintf(out.data(), out.size(),
                                 "Access-Control-Allow-Origin: %.*s\r\n"
                                 "Access-Control-Allow-Credentials: true\r\nVary: Origin\r\n",
                                 static_cast<int>(origin.size()), origin.data());
  return {out.data(), static_cast<std::size_t>(size)};
}

// --- The body ------------------------------------------------------------------------------------

void HttpEdge::read_body(Connection& connection, std::size_t body_bytes) {
  connection.reading_body = true;
  connection.body_bytes = body_bytes;
  connection.in_place = {};
}

int HttpEdge::on_body(Connection& connection, std::span<char> bytes) {
  if (!connection.reading_body || bytes.empty()) return 0;
  if (bytes.size() == connection.body_bytes) {  // the usual case: nothing is copied
    connection.in_place = bytes;
    return 0;
  }
  if (connection.assembly == kNoAssembly) connection.assembly = edge_.assemblies.take();
  if (connection.assembly == kNoAssembly) return 0;  // answered once the body has passed
  // The head has let in no more than a buffer holds.
  return edge_.assemblies.append(connection.assembly, {bytes.data(), bytes.size()}) ? 0 : 1;
}

int HttpEdge::on_body_complete(lws* wsi, Connection& connection) {
  if (!connection.reading_body) return 0;
  std::array<char, 512> cors_buffer;
  const std::string_view cors =
      connection.mount != nullptr ? cors_headers(wsi, cors_buffer) : std::string_view{};
  const HttpAnswer result = take_body(wsi, connection);
  drop_body(connection);
  return answer(wsi, result, cors);
}

HttpAnswer HttpEdge::take_body(lws* wsi, Connection& connection) {
  std::span<char> body = connection.in_place;
  if (connection.assembly != kNoAssembly) body = edge_.assemblies.bytes(connection.assembly);
  if (body.size() != connection.body_bytes) return kNoBuffer;
  if (connection.mount != nullptr) {
    return connection.mount->engine->post_body(connection.session, connection.binary_body, body,
                                               edge_.loop.now());
  }
  HttpRequest request = api_request(wsi, connection, head_method(wsi), body.size());
  request.body = {body.data(), body.size()};
  return edge_.handler.on_request(request, edge_.loop.now());
}

void HttpEdge::drop_body(Connection& connection) {
  connection.reading_body = false;
  connection.in_place = {};
  if (connection.assembly == kNoAssembly) return;
  edge_.assemblies.give_back(std::exchange(connection.assembly, kNoAssembly));
}

// --- Answers -------------------------------------------------------------------------------------

int HttpEdge::refuse_overload(lws* wsi) {
  return answer_and_close(wsi, kOverload);
}

int HttpEdge::refuse_address(lws* wsi) {
  return answer_and_close(wsi, kTooManyConnections);
}

void HttpEdge::refuse_upgrade(lws* wsi, const HttpAnswer& answer) {
  HttpAnswer refusal = answer;
  std::array<char, 128> message;
  if (const auto literal = json_find(answer.body, "message")) {
    refusal.content_type = "text/html";  // stock servers send the message alone, as text
    refusal.body = json_decode_string(*literal, message).value_or(answer.body);
  }
  write_answer(wsi, refusal, "Connection: close\r\n");
}

void HttpEdge::answer_hanging(Connection& connection, const HttpAnswer& result) {
  connection.hanging = false;
  std::array<char, 512> cors_buffer;
  const std::string_view cors = cors_headers(connection.wsi, cors_buffer);
  if (answer(connection.wsi, result, cors) != 0) {
    lws_set_timeout(connection.wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
  }
}

int HttpEdge::answer(lws* wsi, const HttpAnswer& answer, std::string_view cors) {
  if (!write_answer(wsi, answer, cors)) return -1;
  return lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
}

int HttpEdge::answer_and_close(lws* wsi, const HttpAnswer& answer) {
  write_answer(wsi, answer, "Connection: close\r\n");
  return -1;
}

bool HttpEdge::write_answer(lws* wsi, const HttpAnswer& answer, std::string_view more_headers) {
  char* const start = answer_buffer_.begin() + LWS_PRE;
  const int head = compose_head(start, kHeadBytes, answer, more_headers);
  if (head < 0 || static_cast<std::size_t>(head) >= kHeadBytes) return false;
  auto size = static_cast<std::size_t>(head);
  const std::string_view body =
      head_method(wsi) == HttpMethod::head ? std::string_view{} : answer.body;
  const bool together = body.size() <= answer_buffer_.size() - LWS_PRE - kHeadBytes;
  if (together) {
    std::memcpy(start + size, body.data(), body.size());
    size += body.size();
  }
  const auto write = [wsi](const char* bytes, std::size_t count) {
    auto* data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes));
    return lws_write(wsi, data, count, LWS_WRITE_HTTP) >= 0;
  };
  if (!write(start, size)) return false;
  return together || write(body.data(), body.size());
}

}  // namespace bellhop
