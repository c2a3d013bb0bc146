#pragma once
// Makes JWTs, good and bad ones, as an issuer would. Knows no test framework.
#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "platform/certificate.h"
#include "platform/digest.h"
#include "platform/entropy.h"
#include "protocol/base64.h"

namespace bellhop {

inline constexpr std::string_view kHs256 = R"({"alg":"HS256","typ":"JWT"})";
inline constexpr std::string_view kEs256 = R"({"alg":"ES256","typ":"JWT"})";

inline std::string base64url(std::string_view bytes) {
  std::string text(base64url_size(bytes.size()), '\0');
  base64url_encode(bytes, text);
  return text;
}

inline std::string signed_text(std::string_view header, std::string_view claims) {
  return base64url(header) + "." + base64url(claims);
}

inline std::string hs256_signature(std::string_view text, std::string_view secret) {
  std::string mac(32, '\0');
  const auto bytes = [](std::string_view view) {
    return reinterpret_cast<const unsigned char*>(view.data());
  };
  if (mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), bytes(secret), secret.size(),
                      bytes(text), text.size(),
                      reinterpret_cast<unsigned char*>(mac.data())) != 0) {
    std::abort();
  }
  return mac;
}

inline std::string hs256_token(std::string_view claims, std::string_view secret,
                               std::string_view header = kHs256) {
  const std::string text = signed_text(header, claims);
  return text + "." + base64url(hs256_signature(text, secret));
}

/// An issuer's key pair on P-256.
class EcIssuer {
 public:
  EcIssuer() {
    std::string pem;
    std::string error;
    mbedtls_pk_init(&key_);
    if (!make_private_key(pem, error)) std::abort();
    must(mbedtls_pk_parse_key(&key_, reinterpret_cast<const unsigned char*>(pem.c_str()),
                              pem.size() + 1, nullptr, 0, random, nullptr));
    private_pem = pem;
    std::array<unsigned char, 1024> text{};
    must(mbedtls_pk_write_pubkey_pem(&key_, text.data(), text.size()));
    public_pem = reinterpret_cast<const char*>(text.data());
  }
  ~EcIssuer() { mbedtls_pk_free(&key_); }
  EcIssuer(const EcIssuer&) = delete;
  EcIssuer& operator=(const EcIssuer&) = delete;

  /// R and S, 32 bytes each (RFC 7518 section 3.4).
  std::string signature(std::string_view text) {
    Digest digest{};
    if (!sha256(text, digest)) std::abort();
    mbedtls_ecp_group group;
    mbedtls_ecp_point point;
    mbedtls_mpi d;
    mbedtls_mpi r;
    mbedtls_mpi s;
    mbedtls_ecp_group_init(&group);
    mbedtls_ecp_point_init(&point);
    for (mbedtls_mpi* number : {&d, &r, &s}) mbedtls_mpi_init(number);
    must(mbedtls_ecp_export(mbedtls_pk_ec(key_), &group, &d, &point));
    must(mbedtls_ecdsa_sign(&group, &r, &s, &d, digest.data(), digest.size(), random, nullptr));
    std::string bytes(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    must(mbedtls_mpi_write_binary(&r, out, 32));
    must(mbedtls_mpi_write_binary(&s, out + 32, 32));
    for (mbedtls_mpi* number : {&d, &r, &s}) mbedtls_mpi_free(number);
    mbedtls_ecp_point_free(&point);
    mbedtls_ecp_group_free(&group);
    return bytes;
  }
  std::string token(std::string_view claims, std::string_view header = kEs256) {
    const std::string text = signed_text(header, claims);
    return text + "." + base64url(signature(text));
  }

  std::string public_pem;
  std::string private_pem;

 private:
  static int random(void*, unsigned char* out, std::size_t size) {
    return fill_random({reinterpret_cast<char*>(out), size}) ? 0 : -1;
  }
  static void must(int code) {
    if (code != 0) std::abort();
  }
  mbedtls_pk_context key_;
};

}  // namespace bellhop
