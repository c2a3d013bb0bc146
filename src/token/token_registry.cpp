#include "token/token_registry.h"

#include <algorithm>

namespace bellhop {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string_view token_id_fault(std::string_view text) {
  if (text.empty()) return "a token's id must not be empty";
  if (text.size() > kTokenNameBytes) return "a token's id has at most 32 characters";
  const auto allowed = [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  };
  if (!std::all_of(text.begin(), text.end(), allowed) || !is_alphanumeric(text.front())) {
    return "a token's id has only letters, digits and . _ - and begins with a letter or a digit";
  }
  return {};
}

}  // namespace bellhop
