// Checked text is walked to its leaves, every piece is good JSON again and lies in the text;
// unchecked text is walked without leaving it.
#include "protocol/json.h"

#include <vector>

#include "fuzz.h"
#include "protocol/utf8.h"

using namespace bellhop;
using fuzz::require;

namespace {

constexpr unsigned kDepth = 24;

void string_and_back(std::string_view literal) {
  std::vector<char> scratch(literal.size());
  const auto text = json_decode_string(literal, scratch);
  require(text.has_value(), "a checked string decodes into its own size");
  require(utf8_valid(*text), "a decoded string is UTF-8");
  std::vector<char> memory(text->size() * 6 + 2);
  JsonWriter writer(memory);
  writer.string(*text);
  require(writer.ok() && !json_check(writer.text(), 0), "a written string is good JSON");
  std::vector<char> again(memory.size());
  require(json_decode_string(writer.text(), again) == *text, "a string survives writing");
  (void)json_decode_string(literal, std::span(scratch).first(scratch.size() / 3));
}

void walk(std::string_view value);

void walk_object(std::string_view object) {
  JsonMembers members(object);
  JsonMember member;
  while (members.next(member)) {
    require(fuzz::inside(object, member.key), "keys lie in the object");
    string_and_back(member.key);
    std::vector<char> scratch(member.key.size());
    const auto key = json_decode_string(member.key, scratch);
    const auto found = json_find(object, *key);
    require(found && found->data() >= member.value.data(), "a key is found, the last of its name");
    walk(member.value);
  }
}

void walk_array(std::string_view array) {
  JsonElements elements(array);
  for (;;) {
    const std::string_view before = elements.rest();
    std::string_view value;
    if (!elements.next(value)) return;
    require(before.starts_with(value), "the rest begins with the next element");
    walk(value);
  }
}

void walk(std::string_view value) {
  require(!json_check(value, kDepth), "a part of good JSON is good JSON");
  require(json_trim(value) == value, "a part is trimmed");
  switch (json_type(value)) {
    case JsonType::object:
      return walk_object(value);
    case JsonType::array:
      return walk_array(value);
    case JsonType::string:
      return string_and_back(value);
    default:
      return;
  }
}

void check_prefix(std::string_view text, bool good) {
  std::size_t end = 0;
  const auto error = json_check_prefix(text, kDepth, end);
  require(end <= text.size(), "the prefix ends in the text");
  if (good) require(!error && json_trim(text.substr(end)).empty(), "all of good JSON is a prefix");
  if (!error) require(!json_check(text.substr(0, end), kDepth), "a good prefix is good JSON");
}

void walk_unchecked(std::string_view text) {
  JsonMembers members(text);
  JsonMember member;
  while (members.next(member)) {
    require(fuzz::inside(text, member.key) && fuzz::inside(text, member.value), "inside");
  }
  JsonElements elements(text);
  std::string_view value;
  while (elements.next(value)) require(fuzz::inside(text, value), "inside");
  std::vector<char> scratch(text.size());
  (void)json_decode_string(text, scratch);
  (void)json_find(text, "key");
  (void)json_type(text);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto error = json_check(text, kDepth);
  if (error) {
    require(error->offset <= size, "the error lies in the text");
  } else {
    require(utf8_valid(text), "good JSON is UTF-8");
    walk(json_trim(text));
  }
  check_prefix(text, !error);
  walk_unchecked(text);
  return 0;
}
