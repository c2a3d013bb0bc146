#include "edge/request_head.h"

#include <libwebsockets.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <span>

namespace bellhop {
namespace {

constexpr std::size_t kLongestParameter = 64;

std::string_view copy_header(lws* wsi, lws_token_indexes token, std::span<char> out) {
  const int size = lws_hdr_copy(wsi, out.data(), static_cast<int>(out.size()), token);
  return size > 0 ? std::string_view(out.data(), static_cast<std::size_t>(size))
                  : std::string_view{};
}

std::string_view copy_custom_header(lws* wsi, std::string_view name, std::span<char> out) {
  const int size = lws_hdr_custom_copy(wsi, out.data(), static_cast<int>(out.size()), name.data(),
                                       static_cast<int>(name.size()));
  return size > 0 ? std::string_view(out.data(), static_cast<std::size_t>(size))
                  : std::string_view{};
}

struct MethodToken {
  lws_token_indexes token;
  HttpMethod method;
};
constexpr MethodToken kMethods[] = {
    {WSI_TOKEN_GET_URI, HttpMethod::get},         {WSI_TOKEN_POST_URI, HttpMethod::post},
    {WSI_TOKEN_OPTIONS_URI, HttpMethod::options}, {WSI_TOKEN_HEAD_URI, HttpMethod::head},
    {WSI_TOKEN_PUT_URI, HttpMethod::put},         {WSI_TOKEN_PATCH_URI, HttpMethod::patch},
    {WSI_TOKEN_DELETE_URI, HttpMethod::del},
};

}  // namespace

HttpMethod head_method(lws* wsi) {
  for (const MethodToken& candidate : kMethods) {
    if (lws_hdr_total_length(wsi, candidate.token) > 0) return candidate.method;
  }
  return HttpMethod::other;
}

std::string_view head_path(lws* wsi) {
  char* path = nullptr;
  int size = 0;
  if (lws_http_get_uri_and_method(wsi, &path, &size) < 0 || path == nullptr) return "";
  return {path, static_cast<std::size_t>(size)};
}

std::optional<std::size_t> head_body_bytes(lws* wsi) {
  std::array<char, 24> digits;
  if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) == 0) return 0;
  const std::string_view text = copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, digits);
  std::uint64_t value = 0;  // on all machines: what 32 bits do not hold is a length as well
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return static_cast<std::size_t>(std::min<std::uint64_t>(value, SIZE_MAX));
}

bool head_body_unbounded(lws* wsi, HttpMethod method) {
  const bool has_body =
      method == HttpMethod::post || method == HttpMethod::put || method == HttpMethod::patch;
  return (has_body && lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) == 0) ||
         lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
}

std::string_view head_authorization(lws* wsi, HeadScratch& scratch) {
  return copy_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, scratch.authorization);
}

std::string_view head_api_key(lws* wsi, HeadScratch& scratch) {
  return copy_custom_header(wsi, "x-api-key:", scratch.api_key);
}

std::string_view head_content_type(lws* wsi, HeadScratch& scratch) {
  return copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, scratch.content_type);
}

std::string_view head_accept_encoding(lws* wsi, HeadScratch& scratch) {
  return copy_header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, scratch.accept_encoding);
}

std::string_view head_if_none_match(lws* wsi, HeadScratch& scratch) {
  return copy_header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, scratch.if_none_match);
}

std::string_view head_origin(lws* wsi, HeadScratch& scratch) {
  return copy_header(wsi, WSI_TOKEN_ORIGIN, scratch.origin);
}

std::string_view head_host(lws* wsi, HeadScratch& scratch) {
  return copy_header(wsi, WSI_TOKEN_HOST, scratch.host);
}

std::string_view head_requested_headers(lws* wsi, HeadScratch& scratch) {
  return copy_header(wsi, WSI_TOKEN_HTTP_AC_REQUEST_HEADERS, scratch.requested_headers);
}

EngineIoQuery head_engineio_query(lws* wsi, HeadScratch& scratch) {
  EngineIoQuery query;
  std::span<char> short_values = scratch.query;
  std::span<char> token = scratch.query_token;
  struct Known {
    std::string_view name;
    std::string_view* value;
    std::size_t longest;
    std::span<char>* memory;
  };
  std::string_view base64;
  const Known known[] = {{"EIO", &query.eio, kLongestParameter, &short_values},
                         {"transport", &query.transport, kLongestParameter, &short_values},
                         {"sid", &query.sid, kLongestParameter, &short_values},
                         {"j", &query.jsonp, kLongestParameter, &short_values},
                         {"b64", &base64, kLongestParameter, &short_values},
                         {"token", &query.token, kTokenBytes + 1, &token}};
  for (int i = 0;; ++i) {
    const int size = lws_hdr_copy_fragment(wsi, scratch.fragment.data(),
                                           static_cast<int>(scratch.fragment.size()),
                                           WSI_TOKEN_HTTP_URI_ARGS, i);
    if (size < 0) break;
    const std::string_view text(scratch.fragment.data(), static_cast<std::size_t>(size));
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    for (const Known& parameter : known) {
      if (name != parameter.name) continue;
      // What is longer than any good value is there all the same, as one that is not good.
      const std::string_view value =
          equals == text.npos ? "" : text.substr(equals + 1, parameter.longest);
      if (value.size() > parameter.memory->size()) continue;
      std::memcpy(parameter.memory->data(), value.data(), value.size());
      *parameter.value = {parameter.memory->data(), value.size()};
      *parameter.memory = parameter.memory->subspan(value.size());
    }
  }
  query.base64 = !base64.empty() && base64 != "0";
  return query;
}

std::string_view head_token(lws* wsi, const EngineIoQuery& query, HeadScratch& scratch) {
  if (!query.token.empty()) return query.token;
  const std::string_view cookies = copy_header(wsi, WSI_TOKEN_HTTP_COOKIE, scratch.cookie);
  const std::string_view token = http_cookie(cookies, "USERTOKEN");
  if (!token.empty()) return token;
  return http_bearer(head_authorization(wsi, scratch));
}

}  // namespace bellhop
