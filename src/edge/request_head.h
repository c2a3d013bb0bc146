#pragma once
// What the edge reads of a request's head, out of lws's header table.
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "protocol/engineio.h"
#include "protocol/http.h"
#include "token/passport.h"

struct lws;

namespace bellhop {

/// Memory for copied header values; lws keeps them in fragments.
struct HeadScratch {
  std::array<char, kTokenBytes + 32> authorization;
  std::array<char, 256> api_key;
  std::array<char, 256> content_type;
  std::array<char, 256> accept_encoding;
  std::array<char, 256> if_none_match;
  std::array<char, 256> origin;
  std::array<char, 256> host;
  std::array<char, 512> requested_headers;
  std::array<char, 512> query;
  std::array<char, kTokenBytes + 1> query_token;  ///< a longer token arrives cut, and is too long
  std::array<char, 4096> cookie;
  std::array<char, 16384> fragment;  ///< longer than limits.header_bytes may be
};

[[nodiscard]] HttpMethod head_method(lws* wsi);
[[nodiscard]] std::string_view head_path(lws* wsi);
/// Content-Length; nullopt when it is there but no number.
[[nodiscard]] std::optional<std::size_t> head_body_bytes(lws* wsi);
/// Whether a body comes without Content-Length (chunked), which is not supported.
[[nodiscard]] bool head_body_unbounded(lws* wsi, HttpMethod method);
[[nodiscard]] std::string_view head_authorization(lws* wsi, HeadScratch& scratch);
[[nodiscard]] std::string_view head_api_key(lws* wsi, HeadScratch& scratch);
[[nodiscard]] std::string_view head_content_type(lws* wsi, HeadScratch& scratch);
[[nodiscard]] std::string_view head_accept_encoding(lws* wsi, HeadScratch& scratch);
[[nodiscard]] std::string_view head_if_none_match(lws* wsi, HeadScratch& scratch);
[[nodiscard]] std::string_view head_origin(lws* wsi, HeadScratch& scratch);
[[nodiscard]] std::string_view head_host(lws* wsi, HeadScratch& scratch);
/// Access-Control-Request-Headers of a preflight.
[[nodiscard]] std::string_view head_requested_headers(lws* wsi, HeadScratch& scratch);
[[nodiscard]] EngineIoQuery head_engineio_query(lws* wsi, HeadScratch& scratch);
/// The token of a call terminal: the parameter `token`, else the cookie USERTOKEN, else
/// `Authorization: Bearer` (RFC 6750).
[[nodiscard]] std::string_view head_token(lws* wsi, const EngineIoQuery& query,
                                          HeadScratch& scratch);

}  // namespace bellhop
