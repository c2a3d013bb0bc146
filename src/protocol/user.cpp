#include "protocol/user.h"

#include <algorithm>

#include "protocol/utf8.h"

namespace bellhop {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string_view user_id_fault(std::string_view text) {
  if (text.empty()) return "a user id is empty";
  if (text.size() > kUserIdBytes) return "a user id is longer than 64 bytes";
  if (!utf8_valid(text)) return "a user id is not UTF-8";
  const auto bad = [](char c) { return is_control(c) || c == '"' || c == '\\'; };
  if (std::any_of(text.begin(), text.end(), bad)) {
    return "a user id has a control character, a quote or a backslash";
  }
  return {};
}

std::string_view user_name_fault(std::string_view text) {
  if (text.size() > kUserNameBytes) return "a name is longer than 128 bytes";
  if (!utf8_valid(text)) return "a name is not UTF-8";
  if (std::any_of(text.begin(), text.end(), is_control)) return "a name has a control character";
  return {};
}

}  // namespace bellhop
