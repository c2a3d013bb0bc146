#include "protocol/base64.h"

#include <array>
#include <cassert>
#include <cstdint>

namespace bellhop {

namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint32_t kForeign = 0xFF;
using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
  Values values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr Values kStandardValues = values_of(kStandard);
constexpr Values kUrlValues = values_of(kUrl);

/// Writes the characters of up to three bytes; returns how many.
std::size_t encode_group(std::string_view bytes, std::string_view alphabet, char* out) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    bits = bits << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
  }
  for (std::size_t i = 0; i <= bytes.size(); ++i) out[i] = alphabet[bits >> (18 - 6 * i) & 63U];
  return bytes.size() + 1;
}

std::size_t encode(std::string_view bytes, std::string_view alphabet, char* out) {
  std::size_t size = 0;
  for (; !bytes.empty(); bytes.remove_prefix(bytes.size() < 3 ? bytes.size() : 3)) {
    size += encode_group(bytes.substr(0, 3), alphabet, out + size);
  }
  return size;
}

[[nodiscard]] std::uint32_t value_at(std::string_view text, std::size_t i, const Values& values) {
  return values[static_cast<unsigned char>(text[i])];
}

/// The two or three characters after the last full group; false for a foreign one, or for bits
/// that no byte takes when only one spelling of the bytes is allowed.
bool decode_tail(std::string_view text, const Values& values, bool one_spelling, char* out) {
  std::uint32_t bits = 0;
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint32_t value = value_at(text, i, values);
    seen |= value;
    bits = bits << 6 | (value & 63U);
  }
  if ((seen & 0xC0U) != 0) return false;
  const unsigned unused = text.size() == 2 ? 4 : 2;
  if (one_spelling && (bits & ((1U << unused) - 1U)) != 0) return false;
  bits >>= unused;
  if (text.size() == 3) *out++ = static_cast<char>(bits >> 8);
  *out = static_cast<char>(bits & 0xFFU);
  return true;
}

/// Reading stays ahead of writing, so `out` may be the text's own memory.
std::optional<std::string_view> decode(std::string_view text, const Values& values,
                                       bool one_spelling, std::span<char> out) {
  const std::size_t left = text.size() % 4;
  const std::size_t whole = text.size() - left;
  if (left == 1) return std::nullopt;
  const std::size_t size = whole / 4 * 3 + (left == 0 ? 0 : left - 1);
  if (size > out.size()) return std::nullopt;
  char* to = out.data();
  for (std::size_t i = 0; i < whole; i += 4) {
    const std::uint32_t a = value_at(text, i, values);
    const std::uint32_t b = value_at(text, i + 1, values);
    const std::uint32_t c = value_at(text, i + 2, values);
    const std::uint32_t d = value_at(text, i + 3, values);
    if (((a | b | c | d) & 0xC0U) != 0) return std::nullopt;
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    *to++ = static_cast<char>(bits >> 16);
    *to++ = static_cast<char>(bits >> 8 & 0xFFU);
    *to++ = static_cast<char>(bits & 0xFFU);
  }
  if (left != 0 && !decode_tail(text.substr(whole), values, one_spelling, to)) return std::nullopt;
  return std::string_view{out.data(), size};
}

}  // namespace

std::string_view base64_encode(std::string_view bytes, std::span<char> out) {
  assert(out.size() >= base64_size(bytes.size()));
  std::size_t size = encode(bytes, kStandard, out.data());
  while (size % 4 != 0) out[size++] = '=';
  return {out.data(), size};
}

std::string_view base64url_encode(std::string_view bytes, std::span<char> out) {
  assert(out.size() >= base64url_size(bytes.size()));
  return {out.data(), encode(bytes, kUrl, out.data())};
}

std::optional<std::string_view> base64_decode(std::string_view text, std::span<char> out) {
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  return decode(text, kStandardValues, false, out);
}

std::optional<std::string_view> base64url_decode(std::string_view text, std::span<char> out) {
  return decode(text, kUrlValues, true, out);
}

}  // namespace bellhop
