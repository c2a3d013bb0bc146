#pragma once
// Registered tokens as short as tests want them. Knows no test framework.
#include <cstdlib>
#include <string_view>

#include "token/token_book.h"

namespace bellhop {

inline TokenRecord record_of(std::string_view token, std::string_view user,
                             WallTime expires = WallTime::max()) {
  TokenRecord record;
  if (!sha256(token, record.digest) || !record.id.assign(token) || !record.user.assign(user)) {
    std::abort();
  }
  record.expires = expires;
  return record;
}

}  // namespace bellhop
