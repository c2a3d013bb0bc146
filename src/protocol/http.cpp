#include "protocol/http.h"

namespace bellhop {

std::string_view http_bearer(std::string_view authorization) {
  constexpr std::string_view kBearer = "bearer ";
  if (authorization.size() < kBearer.size()) return {};
  for (std::size_t i = 0; i < kBearer.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != kBearer[i]) return {};
  }
  return authorization.substr(kBearer.size());
}

}  // namespace bellhop
