#include "token/passport.h"

#include <algorithm>
#include <array>

#include "protocol/utf8.h"

namespace bellhop {
namespace {

constexpr std::array<std::string_view, kTokenVerdicts> kNames = {
    "good",        "missing",       "too_long", "malformed", "unknown",
    "unsupported", "bad_signature", "bad_user", "expired",   "not_yet_valid"};

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

std::string_view token_verdict_name(TokenVerdict verdict) {
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string_view user_id_fault(std::string_view text) {
  if (text.empty()) return "a user id must not be empty";
  if (text.size() > kUserIdBytes) return "a user id has at most 64 bytes";
  if (has_control(text)) return "a user id has no control characters";
  if (text.find_first_of("\"\\") != text.npos) return "a user id has neither \" nor \\";
  return utf8_valid(text) ? "" : "a user id is valid UTF-8";
}

std::string_view user_name_fault(std::string_view text) {
  if (text.size() > kUserNameBytes) return "a name has at most 128 bytes";
  if (has_control(text)) return "a name has no control characters";
  return utf8_valid(text) ? "" : "a name is valid UTF-8";
}

}  // namespace bellhop
