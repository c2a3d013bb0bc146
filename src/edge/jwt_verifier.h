#pragma once
#include "platform/token_keys.h"
#include "token/jwt_verifier.h"

namespace bellhop {

/// Signatures checked by libwebsockets' JOSE. It is never shown a token's own header: the
/// algorithm, and so the kind of key, is the caller's choice.
class LwsJwtVerifier final : public JwtVerifier {
 public:
  /// Replaces the keys.
  void set_keys(TokenKeys&& keys) { keys_ = std::move(keys); }

  [[nodiscard]] bool supports(JwtAlgorithm algorithm) const override;
  [[nodiscard]] bool verify(JwtAlgorithm algorithm, std::string_view signed_text,
                            std::string_view signature, Digest& signer) const override;
  [[nodiscard]] bool knows(const Digest& signer) const override;

 private:
  TokenKeys keys_;
};

}  // namespace bellhop
