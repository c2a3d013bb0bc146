#include <algorithm>
#include <array>

#include "protocol/json.h"
#include "protocol/json_scan.h"

namespace bellhop {

namespace {

/// The UTF-8 of one escape; size 0 when it is broken.
struct Character {
  std::array<char, 4> bytes{};
  std::size_t size = 0;

  [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
};

[[nodiscard]] Character encode_utf8(unsigned code) {
  const auto byte = [](unsigned bits) { return static_cast<char>(bits); };
  const auto tail = [&](unsigned shift) { return byte(0x80U | (code >> shift & 0x3FU)); };
  if (code < 0x80) return {{byte(code)}, 1};
  if (code < 0x800) return {{byte(0xC0U | code >> 6), tail(0)}, 2};
  if (code < 0x10000) return {{byte(0xE0U | code >> 12), tail(6), tail(0)}, 3};
  return {{byte(0xF0U | code >> 18), tail(12), tail(6), tail(0)}, 4};
}

/// `at` is behind the `\u`.
[[nodiscard]] Character decode_unicode(const char*& at, const char* end) {
  const int unit = json_scan::hex4(at, end);
  if (unit < 0 || json_scan::is_low_surrogate(unit)) return {};
  at += 4;
  if (!json_scan::is_high_surrogate(unit)) return encode_utf8(static_cast<unsigned>(unit));
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return {};
  const int low = json_scan::hex4(at + 2, end);
  if (!json_scan::is_low_surrogate(low)) return {};
  at += 6;
  return encode_utf8(0x10000U + static_cast<unsigned>((unit - 0xD800) * 0x400 + low - 0xDC00));
}

/// `at` is at the backslash.
[[nodiscard]] Character decode_escape(const char*& at, const char* end) {
  if (end - at < 2) return {};
  const char kind = at[1];
  at += 2;
  switch (kind) {
    case 'u':
      return decode_unicode(at, end);
    case 'b':
      return {{'\b'}, 1};
    case 'f':
      return {{'\f'}, 1};
    case 'n':
      return {{'\n'}, 1};
    case 'r':
      return {{'\r'}, 1};
    case 't':
      return {{'\t'}, 1};
    case '"':
    case '\\':
    case '/':
      return {{kind}, 1};
    default:
      return {};
  }
}

/// The next piece of decoded text: what stands up to the next escape, or one escape decoded into
/// `character`. Empty at the end or at a broken escape, which leaves `at` before `end`.
[[nodiscard]] std::string_view next_piece(const char*& at, const char* end, Character& character) {
  if (at == end) return {};
  if (*at != '\\') {
    const char* const from = at;
    at = std::find(at, end, '\\');
    return {from, at};
  }
  const char* const escape = at;
  character = decode_escape(at, end);
  if (character.size == 0) at = escape;
  return character.view();
}

[[nodiscard]] std::optional<std::string_view> without_quotes(std::string_view literal) {
  literal = json_trim(literal);
  if (literal.size() < 2 || !literal.starts_with('"') || !literal.ends_with('"')) {
    return std::nullopt;
  }
  return literal.substr(1, literal.size() - 2);
}

}  // namespace

namespace json_scan {

bool literal_is(std::string_view literal, std::string_view text) {
  const auto content = without_quotes(literal);
  // Decoding never lengthens: a literal that is too short needs no further look.
  if (!content || content->size() < text.size()) return false;
  if (content->find('\\') == std::string_view::npos) return *content == text;
  const char* at = content->data();
  const char* const end = at + content->size();
  Character character;
  while (at != end) {
    const std::string_view piece = next_piece(at, end, character);
    if (piece.empty() || !text.starts_with(piece)) return false;
    text.remove_prefix(piece.size());
  }
  return text.empty();
}

}  // namespace json_scan

std::optional<std::string_view> json_decode_string(std::string_view literal,
                                                   std::span<char> scratch) {
  const auto content = without_quotes(literal);
  if (!content || content->find('\\') == std::string_view::npos) return content;
  const char* at = content->data();
  const char* const end = at + content->size();
  Character character;
  std::size_t size = 0;
  while (at != end) {
    const std::string_view piece = next_piece(at, end, character);
    if (piece.empty() || piece.size() > scratch.size() - size) return std::nullopt;
    piece.copy(scratch.data() + size, piece.size());
    size += piece.size();
  }
  return std::string_view{scratch.data(), size};
}

}  // namespace bellhop
