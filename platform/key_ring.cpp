#include "platform/key_ring.h"

#include <mbedtls/base64.h>
#include <mbedtls/platform_util.h>

#include <array>

#include "platform/entropy.h"
#include "platform/key_lines.h"

namespace bellhop {
namespace {

constexpr std::size_t kKeyBytes = 32;

}  // namespace

bool KeyRing::load(const std::string& path, std::string& error) {
  std::vector<Digest> digests;
  const auto take = [&](std::string_view key) { return sha256(key, digests.emplace_back()); };
  if (!read_key_lines(path, {kShortestKey, kLongestKey}, take, error)) return false;
  digests_ = std::move(digests);
  return true;
}

bool KeyRing::accepts(std::string_view presented) const {
  Digest digest{};
  if (!sha256(presented, digest)) return false;
  unsigned matches = 0;
  for (const Digest& known : digests_) matches |= same_digest(known, digest) ? 1U : 0U;
  return matches != 0;
}

bool make_key(std::string& key) {
  std::array<char, kKeyBytes> random;
  std::array<unsigned char, 64> text;
  std::size_t size = 0;
  if (!fill_random(random)) return false;
  const auto* bytes = reinterpret_cast<const unsigned char*>(random.data());
  if (mbedtls_base64_encode(text.data(), text.size(), &size, bytes, random.size()) != 0) {
    return false;
  }
  key.clear();
  for (std::size_t i = 0; i < size && text[i] != '='; ++i) {
    const auto c = static_cast<char>(text[i]);
    key += c == '+' ? '-' : c == '/' ? '_' : c;  // the alphabet of URLs (RFC 4648 section 5)
  }
  mbedtls_platform_zeroize(random.data(), random.size());
  mbedtls_platform_zeroize(text.data(), text.size());
  return true;
}

}  // namespace bellhop
