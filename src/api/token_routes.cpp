// GET and POST /api/v1/tokens, DELETE /api/v1/tokens/{id}: the registered tokens.
#include <charconv>

#include "api/api.h"
#include "protocol/date_time.h"

namespace bellhop {
namespace {

constexpr std::string_view kTokens = "/api/v1/tokens";
constexpr std::int64_t kMostSeconds = std::int64_t{36500} * 86400;

/// What a body asks for; the texts point into the body or into `user_bytes` and `name_bytes`.
struct TokenRequest {
  NewToken token;
  std::array<char, kUserIdBytes> user_bytes{};
  std::array<char, kUserNameBytes> name_bytes{};
};

std::optional<std::string_view> member(std::string_view object, std::string_view key) {
  const auto value = json_find(object, key);
  return value && json_type(*value) != JsonType::null ? value : std::nullopt;
}

/// The readers below return why the field is refused; empty: it is taken.
std::string_view read_user(std::string_view body, TokenRequest& request) {
  const auto value = member(body, "user");
  if (!value) return "user is missing";
  if (json_type(*value) != JsonType::string) return "user must be a string";
  const auto text = json_decode_string(*value, request.user_bytes);
  if (!text) return "a user id has at most 64 bytes";
  request.token.user = *text;
  return {};
}

std::string_view read_name(std::string_view body, TokenRequest& request) {
  const auto value = member(body, "name");
  if (!value) return {};
  if (json_type(*value) != JsonType::string) return "name must be a string";
  const auto text = json_decode_string(*value, request.name_bytes);
  if (!text) return "a name has at most 128 bytes";
  request.token.name = *text;
  return {};
}

std::string_view read_expiry(std::string_view body, WallTime now, TokenRequest& request) {
  const auto in = member(body, "expiresIn");
  const auto at = member(body, "expiresAt");
  if (in && at) return "expiresIn and expiresAt exclude each other";
  if (in) {
    std::int64_t seconds = 0;
    const char* end = in->data() + in->size();
    const auto result = std::from_chars(in->data(), end, seconds);
    if (result.ec != std::errc() || result.ptr != end || seconds < 1 || seconds > kMostSeconds) {
      return "expiresIn must be a whole number of seconds, 1 to 3153600000";
    }
    request.token.expires = now + std::chrono::seconds(seconds);
  }
  if (at) {
    constexpr std::string_view kWrong =
        "expiresAt must be a string such as 2030-01-31T12:00:00+08:00";
    std::array<char, 40> scratch{};
    if (json_type(*at) != JsonType::string) return kWrong;
    const auto text = json_decode_string(*at, scratch);
    const auto moment = text ? parse_date_time(*text) : std::nullopt;
    if (!moment) return kWrong;
    request.token.expires = *moment;
  }
  return {};
}

void describe(cJSON* object, const TokenRecord& record) {
  add_text(object, "id", record.id.view());
  add_text(object, "user", record.user.view());
  if (!record.name.empty()) add_text(object, "name", record.name.view());
  add_time(object, "created", record.created);
  if (record.expires != WallTime::max()) add_time(object, "expires", record.expires);
}

ApiError error_of(RegistryResult result) {
  switch (result) {
    case RegistryResult::not_found:
      return ApiError::not_found;
    case RegistryResult::full:
      return ApiError::table_full;
    case RegistryResult::unavailable:
      return ApiError::database_unavailable;
    default:
      return ApiError::malformed;
  }
}

}  // namespace

HttpAnswer Api::fail_token(std::string_view path, RegistryResult result) {
  return fail(path, error_of(result), token_registry_.reason());
}

HttpAnswer Api::get_tokens(const HttpRequest&) {
  const Document document(cJSON_CreateObject());
  cJSON* list = cJSON_AddArrayToObject(document.get(), "tokens");
  for (const TokenRecord* record : tokens_.records()) {
    cJSON* entry = cJSON_CreateObject();
    describe(entry, *record);
    cJSON_AddItemToArray(list, entry);
  }
  return answer(document);
}

HttpAnswer Api::post_token(const HttpRequest& request) {
  if (const auto error = json_check(request.body, options_.json_depth)) {
    return malformed_at(kTokens, error->reason, error->offset);
  }
  const std::string_view body = json_trim(request.body);
  if (json_type(body) != JsonType::object) {
    return fail(kTokens, ApiError::malformed, "the body must be an object");
  }
  const WallTime now = status_.wall_now();
  TokenRequest wanted;
  for (const std::string_view fault :
       {read_user(body, wanted), read_name(body, wanted), read_expiry(body, now, wanted)}) {
    if (!fault.empty()) return fail(kTokens, ApiError::malformed, fault);
  }
  IssuedToken issued;
  const RegistryResult result = token_registry_.add(wanted.token, now, issued);
  if (result != RegistryResult::done) return fail_token(kTokens, result);
  const Document document(cJSON_CreateObject());
  describe(document.get(), issued.record);
  add_text(document.get(), "token", issued.token);
  return answer(document, 201);
}

HttpAnswer Api::delete_token(const HttpRequest& request) {
  const RegistryResult result = token_registry_.remove(request.path.substr(kTokens.size() + 1));
  if (result != RegistryResult::done) return fail_token(request.path, result);
  return {204, "", "", ""};
}

}  // namespace bellhop
