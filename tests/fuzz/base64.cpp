// Whatever is encoded decodes to itself; whatever decodes, decodes to the same after encoding.
#include "protocol/base64.h"

#include <string>
#include <vector>

#include "fuzz.h"

using namespace bellhop;
using fuzz::require;

namespace {

void encode_and_back(std::string_view bytes) {
  std::vector<char> text(base64_size(bytes.size()));
  const auto encoded = base64_encode(bytes, text);
  require(encoded.size() == text.size(), "base64_size() is exact");
  require(base64_decode(encoded, text) == bytes, "base64 decodes in place to what was encoded");

  std::vector<char> url(base64url_size(bytes.size()));
  const auto url_encoded = base64url_encode(bytes, url);
  require(url_encoded.size() == url.size(), "base64url_size() is exact");
  require(base64url_decode(url_encoded, url) == bytes, "base64url decodes to what was encoded");
}

void decode_and_back(std::string_view text) {
  std::vector<char> memory(text.begin(), text.end());
  if (const auto bytes = base64_decode(text, memory)) encode_and_back(*bytes);
  if (const auto bytes = base64url_decode(text, memory)) {
    std::vector<char> again(base64url_size(bytes->size()));
    require(base64url_encode(*bytes, again) == text, "base64url has one spelling");
  }
  std::vector<char> small(text.size() / 2);
  (void)base64_decode(text, small);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  encode_and_back(text);
  decode_and_back(text);
  return 0;
}
