#include "platform/key_ring.h"

#include <mbedtls/base64.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/sha256.h>

extern "C" {  // the one header of mbedTLS that does not say so itself
#include <mbedtls/constant_time.h>
}

#include <algorithm>

#include "platform/entropy.h"
#include "platform/files.h"
#include "platform/secret_file.h"

namespace bellhop {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::string_view kWayOut =
    "; put keys of at least 16 characters into it, one a line, with mode 0600";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = line.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

/// What can stand in a header value as one word (RFC 6750 section 2.1 allows less, X-API-Key more).
bool is_printable(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// What is wrong with a line of the file; empty: nothing.
std::string_view fault_of(std::string_view key) {
  if (key.size() < kShortestKey) return "the key is too short";
  if (key.size() > kLongestKey) return "the key is longer than 256 characters";
  if (!is_printable(key)) return "the key contains a blank or a character that is not ASCII";
  return {};
}

/// Calls `take(key, line number)` for each key of the file's text until it returns false.
template <class Take>
bool each_key(std::string_view text, Take take) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view key = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!key.empty() && key.front() != '#' && !take(key, line)) return false;
  }
  return true;
}

}  // namespace

bool KeyRing::load(const std::string& path, std::string& error) {
  SecretFile file;
  if (!file.read(path, error)) {
    error += kWayOut;
    return false;
  }
  std::vector<Digest> digests;
  const bool sound = each_key(file.text(), [&](std::string_view key, std::size_t line) {
    const std::string_view fault = digests.size() == kMostKeys ? "too many keys" : fault_of(key);
    if (!fault.empty()) error.assign(path).append(":" + std::to_string(line) + ": ").append(fault);
    return fault.empty() &&
           mbedtls_sha256(bytes_of(key), key.size(), digests.emplace_back().data(), 0) == 0;
  });
  if (sound && digests.empty()) error = path + ": there is no key in the file";
  if (!sound || digests.empty()) {
    error += kWayOut;
    return false;
  }
  digests_ = std::move(digests);
  return true;
}

bool KeyRing::accepts(std::string_view presented) const {
  Digest digest{};
  if (mbedtls_sha256(bytes_of(presented), presented.size(), digest.data(), 0) != 0) return false;
  unsigned matches = 0;
  for (const Digest& known : digests_) {
    matches |= mbedtls_ct_memcmp(known.data(), digest.data(), digest.size()) == 0 ? 1u : 0u;
  }
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
