#include "edge/jwt_verifier.h"

#include <libwebsockets.h>

#include <algorithm>

namespace bellhop {
namespace {

/// While it lives lws says nothing: each bad token would be an error line, and strangers may send
/// as many as they like.
class QuietLws {
 public:
  QuietLws() {
    for (int level = 1; level < 1 << LLL_COUNT; level <<= 1) {
      if (lwsl_visible(level) != 0) before_ |= level;
    }
    lws_set_log_level(0, nullptr);
  }
  ~QuietLws() { lws_set_log_level(before_, nullptr); }
  QuietLws(const QuietLws&) = delete;
  QuietLws& operator=(const QuietLws&) = delete;

 private:
  int before_ = 0;
};

/// What lws is to check: a token under a header of ours, which names the one algorithm allowed.
struct Jws {
  Jws(std::string_view header, std::string_view signed_text, std::string_view signature) {
    const std::size_t dot = signed_text.find('.');
    set(coded, LJWS_JOSE, signed_text.substr(0, dot));
    set(coded, LJWS_PYLD, signed_text.substr(dot + 1));
    set(coded, LJWS_SIG, signature);  // only looked at for being there
    set(plain, LJWS_JOSE, header);
    set(plain, LJWS_SIG, signature);
  }
  static void set(lws_jws_map& map, std::size_t part, std::string_view text) {
    map.buf[part] = text.data();
    map.len[part] = static_cast<std::uint32_t>(text.size());
  }
  [[nodiscard]] bool signed_by(lws_jwk& key) {
    return lws_jws_sig_confirm(&coded, &plain, &key, nullptr) == 0;
  }

  lws_jws_map coded{};
  lws_jws_map plain{};
};

/// lws reads keys through pointers that are not const, and writes to none of them.
lws_gencrypto_keyelem element(const void* bytes, std::size_t size) {
  return {static_cast<std::uint8_t*>(const_cast<void*>(bytes)), static_cast<std::uint32_t>(size)};
}

lws_jwk jwk_of(const HmacKey& key) {
  lws_jwk jwk{};
  jwk.kty = LWS_GENCRYPTO_KTY_OCT;
  jwk.e[LWS_GENCRYPTO_OCT_KEYEL_K] = element(key.secret.data(), key.secret.size());
  return jwk;
}

lws_jwk jwk_of(const EcKey& key) {
  static constexpr char kCurve[] = "P-256";
  lws_jwk jwk{};
  jwk.kty = LWS_GENCRYPTO_KTY_EC;
  jwk.e[LWS_GENCRYPTO_EC_KEYEL_CRV] = element(kCurve, sizeof kCurve);
  jwk.e[LWS_GENCRYPTO_EC_KEYEL_X] = element(key.x.data(), key.x.size());
  jwk.e[LWS_GENCRYPTO_EC_KEYEL_Y] = element(key.y.data(), key.y.size());
  return jwk;
}

template <class Key>
bool signed_by_one_of(const std::vector<Key>& keys, Jws jws, Digest& signer) {
  const QuietLws quiet;
  for (const Key& key : keys) {
    lws_jwk jwk = jwk_of(key);
    if (!jws.signed_by(jwk)) continue;
    signer = key.fingerprint;
    return true;
  }
  return false;
}

template <class Key>
bool holds(const std::vector<Key>& keys, const Digest& signer) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const Key& key) { return key.fingerprint == signer; });
}

}  // namespace

bool LwsJwtVerifier::supports(JwtAlgorithm algorithm) const {
  return algorithm == JwtAlgorithm::hs256 ? !keys_.hs256.empty() : !keys_.es256.empty();
}

bool LwsJwtVerifier::verify(JwtAlgorithm algorithm, std::string_view signed_text,
                            std::string_view signature, Digest& signer) const {
  // lws compares as many bytes as the algorithm has, however short the signature is.
  const std::size_t size = algorithm == JwtAlgorithm::hs256 ? 32 : 64;
  if (signature.size() != size) return false;
  if (algorithm == JwtAlgorithm::hs256) {
    return signed_by_one_of(keys_.hs256, {R"({"alg":"HS256"})", signed_text, signature}, signer);
  }
  return signed_by_one_of(keys_.es256, {R"({"alg":"ES256"})", signed_text, signature}, signer);
}

bool LwsJwtVerifier::knows(const Digest& signer) const {
  return holds(keys_.hs256, signer) || holds(keys_.es256, signer);
}

}  // namespace bellhop
