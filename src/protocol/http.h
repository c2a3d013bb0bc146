#pragma once
// HTTP (RFC 9110) as values: what the edge has read, what it is to answer.
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"

namespace bellhop {

enum class HttpMethod : std::uint8_t { get, head, post, put, patch, del, options, other };

/// One request. Views are valid during the call they are passed to.
struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string_view path;             ///< percent-decoded, without the query
  std::string_view authorization;    ///< the header's value
  std::string_view api_key;          ///< X-API-Key
  std::string_view accept_encoding;  ///< of GET and HEAD; else empty
  std::string_view if_none_match;    ///< of GET and HEAD; else empty
  std::string_view body;             ///< empty while only the head is known
  std::size_t body_bytes = 0;        ///< Content-Length
  std::uint32_t peer_ipv4 = 0;       ///< host byte order
};

/// One answer. Views stay valid until the composer is called again; the edge copies at once.
struct HttpAnswer {
  std::uint16_t status = 200;
  std::string_view content_type = "text/plain; charset=UTF-8";
  std::string_view body;
  std::string_view extra_headers;  ///< whole lines, each ended by CR LF
  std::string_view cache_control = "no-store";
};

/// What a 401 says beside its body (RFC 9110 section 11.6.1).
inline constexpr std::string_view kBearerChallenge =
    "WWW-Authenticate: Bearer realm=\"bellhop\"\r\n";

/// The token of `Bearer TOKEN`, empty for any other scheme. Names of schemes have no case (RFC 9110
/// section 11.1).
[[nodiscard]] std::string_view http_bearer(std::string_view authorization);

/// The value of the first cookie of that name in a Cookie header (RFC 6265 section 4.2.1), without
/// quotes; empty when there is none.
[[nodiscard]] std::string_view http_cookie(std::string_view cookies, std::string_view name);

/// Answers everything that is neither Engine.IO nor a WebSocket.
class HttpHandler {
 public:
  /// The head of a request with a body: an answer refuses it before the body is read.
  [[nodiscard]] virtual std::optional<HttpAnswer> on_head(const HttpRequest& request) = 0;
  /// A whole request whose head on_head() let pass.
  [[nodiscard]] virtual HttpAnswer on_request(const HttpRequest& request, Instant now) = 0;

 protected:
  ~HttpHandler() = default;
};

}  // namespace bellhop
