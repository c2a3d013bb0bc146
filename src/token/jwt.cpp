#include "token/jwt.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "protocol/base64.h"
#include "protocol/json.h"

namespace bellhop {
namespace {

constexpr unsigned kJsonDepth = 16;
/// A moment further away than this is for ever: year 9999 in milliseconds.
constexpr double kFarthest = 253402300799999.0;

using Scratch = std::array<char, kTokenBytes>;

struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_text;  ///< header, dot, claims
};

/// The three parts of the compact form, none of them empty.
std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  const Parts parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                    token.substr(second + 1), token.substr(0, second)};
  if (parts.header.empty() || parts.claims.empty() || parts.signature.empty()) return std::nullopt;
  return parts;
}

/// A part that is an object of JSON, decoded into `scratch`.
std::optional<std::string_view> decode_object(std::string_view part, Scratch& scratch) {
  const auto text = base64url_decode(part, scratch);
  if (!text || json_check(*text, kJsonDepth)) return std::nullopt;
  const std::string_view object = json_trim(*text);
  return json_type(object) == JsonType::object ? std::optional(object) : std::nullopt;
}

/// A string of at most `scratch.size()` bytes.
std::optional<std::string_view> text_of(std::string_view value, std::span<char> scratch) {
  if (json_type(value) != JsonType::string) return std::nullopt;
  return json_decode_string(value, scratch);
}

TokenVerdict read_algorithm(std::string_view header, JwtAlgorithm& algorithm) {
  Scratch scratch;
  const auto value = json_find(header, "alg");
  const auto name = value ? text_of(*value, scratch) : std::nullopt;
  if (!name) return TokenVerdict::malformed;
  // What must be understood is not (RFC 7515 section 4.1.11).
  if (json_find(header, "crit")) return TokenVerdict::unsupported;
  if (*name != "HS256" && *name != "ES256") return TokenVerdict::unsupported;
  algorithm = *name == "HS256" ? JwtAlgorithm::hs256 : JwtAlgorithm::es256;
  return TokenVerdict::good;
}

bool is_whole_number(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool read_user(std::string_view claims, UserId& user) {
  Scratch scratch;
  const auto value = json_find(claims, "sub");
  if (!value) return false;
  const bool digits = json_type(*value) == JsonType::number && is_whole_number(*value);
  const auto id = digits ? value : text_of(*value, scratch);
  return id && user_id_fault(*id).empty() && user.assign(*id);
}

bool read_name(std::string_view claims, UserName& name) {
  Scratch scratch;
  const auto value = json_find(claims, "name");
  if (!value || json_type(*value) == JsonType::null) return true;
  auto text = text_of(*value, scratch);
  if (!text) return false;
  if (text->size() > kUserNameBytes) {
    std::size_t end = kUserNameBytes;
    while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xC0U) == 0x80U) --end;
    text = text->substr(0, end);  // between two characters
  }
  return name.assign(*text);
}

/// A NumericDate (RFC 7519 section 2); absent: `moment` stays. False when it is no number.
bool read_moment(std::string_view claims, std::string_view key, WallTime& moment) {
  const auto value = json_find(claims, key);
  if (!value) return true;
  if (json_type(*value) != JsonType::number) return false;
  double seconds = 0;
  const char* end = value->data() + value->size();
  const auto result = std::from_chars(value->data(), end, seconds);
  if (result.ec == std::errc::result_out_of_range) return false;
  const double ms = std::clamp(seconds * 1000.0, -kFarthest, kFarthest);
  moment = WallTime{Duration{static_cast<std::int64_t>(ms)}};
  return true;
}

TokenVerdict read_claims(std::string_view claims, WallTime now, Passport& out) {
  WallTime not_before = WallTime::min();
  if (!read_moment(claims, "exp", out.expires) || !read_moment(claims, "nbf", not_before) ||
      !read_name(claims, out.name)) {
    return TokenVerdict::malformed;
  }
  if (now >= out.expires) return TokenVerdict::expired;
  if (not_before != WallTime::min() && now + kNotBeforeLeeway < not_before) {
    return TokenVerdict::not_yet_valid;
  }
  return read_user(claims, out.user) ? TokenVerdict::good : TokenVerdict::bad_user;
}

}  // namespace

TokenVerdict check_jwt(std::string_view token, const JwtVerifier& verifier, WallTime now,
                       Passport& out) {
  Scratch scratch;
  const auto parts = split(token);
  const auto header = parts ? decode_object(parts->header, scratch) : std::nullopt;
  if (!header) return TokenVerdict::malformed;
  JwtAlgorithm algorithm{};
  const TokenVerdict verdict = read_algorithm(*header, algorithm);
  if (verdict != TokenVerdict::good) return verdict;
  if (!verifier.supports(algorithm)) return TokenVerdict::unsupported;

  Passport passport;
  const auto signature = base64url_decode(parts->signature, scratch);
  if (!signature) return TokenVerdict::malformed;
  if (!verifier.verify(algorithm, parts->signed_text, *signature, passport.signer)) {
    return TokenVerdict::bad_signature;
  }
  const auto claims = decode_object(parts->claims, scratch);
  if (!claims) return TokenVerdict::malformed;
  const TokenVerdict result = read_claims(*claims, now, passport);
  if (result == TokenVerdict::good) out = passport;
  return result;
}

}  // namespace bellhop
