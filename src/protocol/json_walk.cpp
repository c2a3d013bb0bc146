#include <array>

#include "protocol/json.h"
#include "protocol/json_scan.h"

namespace bellhop {

namespace json_scan {

namespace {

constexpr std::array<bool, 256> kQuoteOrBracket = [] {
  std::array<bool, 256> marks{};
  for (const char c : {'"', '{', '}', '[', ']'}) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}();

[[nodiscard]] const char* container_end(const char* at, const char* end) {
  std::size_t depth = 0;
  for (;;) {
    while (at != end && !kQuoteOrBracket[static_cast<unsigned char>(*at)]) ++at;
    if (at == end) return end;
    switch (*at) {
      case '"':
        at = string_end(at, end);
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      default:
        if (--depth == 0) return at + 1;
        break;
    }
    ++at;
  }
}

[[nodiscard]] bool ends_scalar(char c) {
  return c == ',' || c == ']' || c == '}' || c == ':' || is_space(c);
}

}  // namespace

const char* value_end(const char* at, const char* end) {
  if (at == end) return end;
  if (*at == '"') return string_end(at, end);
  if (*at == '{' || *at == '[') return container_end(at, end);
  while (at != end && !ends_scalar(*at)) ++at;
  return at;
}

}  // namespace json_scan

namespace {

/// What stands between the brackets, trimmed; empty when `text` does not open with `open`.
[[nodiscard]] std::string_view inside(std::string_view text, char open, char close) {
  text = json_trim(text);
  if (!text.starts_with(open)) return {};
  text.remove_prefix(1);
  if (text.ends_with(close)) text.remove_suffix(1);
  return json_trim(text);
}

/// Takes one value off the front of `rest`; empty when there is none.
[[nodiscard]] std::string_view take_value(std::string_view& rest) {
  const char* const end = rest.data() + rest.size();
  const char* const stop = json_scan::value_end(rest.data(), end);
  const std::string_view value(rest.data(), stop);
  rest = {json_scan::skip_space(stop, end), end};
  return value;
}

/// Takes `mark` and the white space behind it; without it nothing is left to walk.
void take_mark(std::string_view& rest, char mark) {
  if (!rest.starts_with(mark)) {
    rest = {};
    return;
  }
  const char* const end = rest.data() + rest.size();
  rest = {json_scan::skip_space(rest.data() + 1, end), end};
}

}  // namespace

std::string_view json_trim(std::string_view text) {
  while (!text.empty() && json_scan::is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && json_scan::is_space(text.back())) text.remove_suffix(1);
  return text;
}

JsonType json_type(std::string_view value) {
  value = json_trim(value);
  switch (value.empty() ? 'n' : value.front()) {
    case '{':
      return JsonType::object;
    case '[':
      return JsonType::array;
    case '"':
      return JsonType::string;
    case 't':
    case 'f':
      return JsonType::boolean;
    case 'n':
      return JsonType::null;
    default:
      return JsonType::number;
  }
}

JsonMembers::JsonMembers(std::string_view object) : rest_(inside(object, '{', '}')) {}

bool JsonMembers::next(JsonMember& member) {
  if (!rest_.starts_with('"')) return false;
  member.key = take_value(rest_);
  take_mark(rest_, ':');
  if (rest_.empty()) return false;
  member.value = take_value(rest_);
  take_mark(rest_, ',');
  return true;
}

JsonElements::JsonElements(std::string_view array) : rest_(inside(array, '[', ']')) {}

bool JsonElements::next(std::string_view& value) {
  if (rest_.empty()) return false;
  value = take_value(rest_);
  take_mark(rest_, ',');
  return true;
}

std::string_view JsonElements::rest() const {
  return rest_;
}

std::optional<std::string_view> json_find(std::string_view object, std::string_view key) {
  std::optional<std::string_view> found;
  JsonMembers members(object);
  JsonMember member;
  while (members.next(member)) {
    if (json_scan::literal_is(member.key, key)) found = member.value;
  }
  return found;
}

}  // namespace bellhop
