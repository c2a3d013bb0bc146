#include <algorithm>

#include "protocol/engineio.h"
#include "protocol/json.h"
#include "protocol/json_scan.h"

namespace bellhop {

namespace {

/// The raw value of the first form field called `d`.
[[nodiscard]] std::optional<std::span<char>> find_field_d(std::span<char> form) {
  while (!form.empty()) {
    const auto stop = std::find(form.begin(), form.end(), '&');
    const auto size = static_cast<std::size_t>(stop - form.begin());
    const std::span<char> field = form.first(size);
    if (size >= 2 && field[0] == 'd' && field[1] == '=') return field.subspan(2);
    form = form.subspan(std::min(size + 1, form.size()));
  }
  return std::nullopt;
}

[[nodiscard]] int hex_value(char c) {
  const char lower = static_cast<char>(c | 0x20);
  if (json_scan::is_digit(c)) return c - '0';
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Writing never overtakes reading, so it happens in place.
[[nodiscard]] std::optional<std::span<char>> percent_decode(std::span<char> text) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i] == '+' ? ' ' : text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    text[size++] = c;
  }
  return text.first(size);
}

/// Undoes what the client did for forms: line feeds were `\n`, and `\n` was `\\n`.
[[nodiscard]] std::span<char> restore_line_feeds(std::span<char> text) {
  const auto at = [text](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && at(i + 1) == 'n') {
      c = '\n';
      ++i;
    } else if (c == '\\' && at(i + 1) == '\\' && at(i + 2) == 'n') {
      text[size++] = c;
      c = 'n';
      i += 2;
    }
    text[size++] = c;
  }
  return text.first(size);
}

}  // namespace

std::optional<std::string_view> jsonp_wrap(std::uint32_t index, std::string_view payload,
                                           std::span<char> out) {
  JsonWriter script(out);
  script.raw("___eio[").number(index).raw("](").string(payload).raw(");");
  if (!script.ok()) return std::nullopt;
  return script.text();
}

std::optional<std::span<char>> jsonp_unwrap(std::span<char> body) {
  const auto field = find_field_d(body);
  if (!field) return std::nullopt;
  const auto text = percent_decode(*field);
  if (!text) return std::nullopt;
  return restore_line_feeds(*text);
}

}  // namespace bellhop
