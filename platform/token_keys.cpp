#include "platform/token_keys.h"

#include <mbedtls/ecp.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform_util.h>

#include <algorithm>
#include <string_view>

#include "platform/files.h"
#include "platform/key_lines.h"

namespace bellhop {
namespace {

constexpr std::size_t kLargestPemFile = 65536;
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kBeginPublic = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kEndPublic = "-----END PUBLIC KEY-----";
constexpr std::string_view kPublicWayOut =
    "; put the issuer's public keys on P-256 into it, PEM (openssl ec -in KEY -pubout)";

void wipe(std::vector<HmacKey>& keys) {
  for (HmacKey& key : keys) mbedtls_platform_zeroize(key.secret.data(), key.secret.size());
}

/// The kind goes into the print: no secret may ever pass for a public key.
bool take_fingerprint(std::string_view kind, std::string_view bytes, Digest& fingerprint) {
  std::string text = std::string(kind) + " " + std::string(bytes);
  const bool taken = sha256(text, fingerprint);
  mbedtls_platform_zeroize(text.data(), text.size());
  return taken;
}

bool read_secrets(const std::string& path, std::vector<HmacKey>& keys, std::string& error) {
  keys.reserve(kMostKeys);  // growing would leave copies behind
  const auto take = [&](std::string_view secret) {
    HmacKey& key = keys.emplace_back();
    key.secret = secret;
    return take_fingerprint("hs256", secret, key.fingerprint);
  };
  return read_key_lines(path, {kShortestSecret, kLongestSecret}, take, error);
}

/// The point of one PEM block, with its end line; false when it is no public key on P-256.
bool parse_public_key(const std::string& pem, EcKey& key) {
  mbedtls_pk_context context;
  mbedtls_pk_init(&context);
  std::array<unsigned char, 65> point{};  // 4, x, y: SEC 1 section 2.3.3
  std::size_t size = 0;
  bool good =
      mbedtls_pk_parse_public_key(&context, reinterpret_cast<const unsigned char*>(pem.c_str()),
                                  pem.size() + 1) == 0 &&
      mbedtls_pk_get_type(&context) == MBEDTLS_PK_ECKEY;
  if (good) {
    const mbedtls_ecp_keypair* pair = mbedtls_pk_ec(context);
    good = mbedtls_ecp_keypair_get_group_id(pair) == MBEDTLS_ECP_DP_SECP256R1 &&
           mbedtls_ecp_write_public_key(pair, MBEDTLS_ECP_PF_UNCOMPRESSED, &size, point.data(),
                                        point.size()) == 0 &&
           size == point.size();
  }
  mbedtls_pk_free(&context);
  if (!good) return false;
  std::copy_n(point.begin() + 1, key.x.size(), key.x.begin());
  std::copy_n(point.begin() + 33, key.y.size(), key.y.begin());
  return take_fingerprint("es256", {reinterpret_cast<const char*>(point.data()), point.size()},
                          key.fingerprint);
}

/// Takes the keys of a text; what is wrong with it, empty: nothing.
std::string take_public_keys(std::string_view text, std::vector<EcKey>& keys) {
  for (std::size_t at = text.find(kBegin); at != text.npos; at = text.find(kBegin)) {
    text.remove_prefix(at);
    const std::string number = "key " + std::to_string(keys.size() + 1);
    if (!text.starts_with(kBeginPublic)) return number + " is no public key";
    const std::size_t end = text.find(kEndPublic);
    if (end == text.npos) return number + " has no end line";
    const std::string pem(text.substr(0, end + kEndPublic.size()));
    if (keys.size() == kMostKeys) return "too many keys";
    if (!parse_public_key(pem + "\n", keys.emplace_back())) {
      return number + " is no public key on P-256";
    }
    text.remove_prefix(pem.size());
  }
  return keys.empty() ? "there is no public key in the file" : "";
}

bool read_public_keys(const std::string& path, std::vector<EcKey>& keys, std::string& error) {
  FileContent content;
  bool sound = read_file(path, kLargestPemFile, content, error) == FileStatus::ok;
  if (sound) {
    const std::string fault = take_public_keys(content.text, keys);
    sound = fault.empty();
    if (!sound) error = path + ": " + fault;
  }
  if (!sound) error += kPublicWayOut;
  return sound;
}

}  // namespace

TokenKeys::~TokenKeys() {
  wipe(hs256);
}

TokenKeys& TokenKeys::operator=(TokenKeys&& other) noexcept {
  hs256.swap(other.hs256);  // the other one wipes ours
  es256.swap(other.es256);
  return *this;
}

bool load_token_keys(const std::string& hs256_file, const std::string& es256_file, TokenKeys& keys,
                     std::string& error) {
  TokenKeys fresh;
  if (!hs256_file.empty() && !read_secrets(hs256_file, fresh.hs256, error)) return false;
  if (!es256_file.empty() && !read_public_keys(es256_file, fresh.es256, error)) return false;
  keys = std::move(fresh);
  return true;
}

}  // namespace bellhop
