#include "platform/digest.h"

#include <mbedtls/sha256.h>

extern "C" {  // the one header of mbedTLS that does not say so itself
#include <mbedtls/constant_time.h>
}

namespace bellhop {

bool sha256(std::string_view text, Digest& digest) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  return mbedtls_sha256(bytes, text.size(), digest.data(), 0) == 0;
}

bool same_digest(const Digest& a, const Digest& b) {
  return mbedtls_ct_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace bellhop
