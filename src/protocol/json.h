#pragma once
// JSON (RFC 8259) as checked slices. Text is checked once, strictly, and then walked in place:
// values stay the sender's bytes, so that numbers, key order and escapes survive a relay.
// Nothing here allocates; every string_view points into the caller's text.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace bellhop {

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

struct JsonError {
  const char* reason;  ///< static text, e.g. "expected ',' or '}'"
  std::size_t offset;  ///< byte where it was seen
};

/// Checks that `text` is exactly one JSON value with optional white space around it: grammar,
/// UTF-8 (RFC 3629: no overlong forms, no surrogates), no raw control characters in strings,
/// paired \u surrogates, nesting of arrays and objects at most `max_depth`. Iterative: no
/// recursion. nullopt = good.
[[nodiscard]] std::optional<JsonError> json_check(std::string_view text, unsigned max_depth);

/// Checks one value at the start of `text` (after white space) and tells where it ends.
[[nodiscard]] std::optional<JsonError> json_check_prefix(std::string_view text, unsigned max_depth,
                                                         std::size_t& end);

/// `text` without the white space around it.
[[nodiscard]] std::string_view json_trim(std::string_view text);

// Everything below takes text that json_check() has passed; other text gives wrong values but
// never a read outside it.

[[nodiscard]] JsonType json_type(std::string_view value);

struct JsonMember {
  std::string_view key;    ///< the literal with its quotes
  std::string_view value;  ///< the raw value, trimmed
};

/// Walks the members of an object in order: `while (members.next(m))`.
class JsonMembers {
 public:
  explicit JsonMembers(std::string_view object);
  [[nodiscard]] bool next(JsonMember& member);

 private:
  std::string_view rest_;
};

/// Walks the elements of an array in order.
class JsonElements {
 public:
  explicit JsonElements(std::string_view array);
  [[nodiscard]] bool next(std::string_view& value);
  /// What has not been walked yet, up to but without the closing bracket, trimmed: the raw text
  /// of the remaining elements with the commas between them. Empty at the end.
  [[nodiscard]] std::string_view rest() const;

 private:
  std::string_view rest_;
};

/// The value of `key` (plain text, compared after decoding escapes), the last one where the key
/// occurs twice, as JSON.parse has it; nullopt when absent or when `object` is not an object.
[[nodiscard]] std::optional<std::string_view> json_find(std::string_view object,
                                                        std::string_view key);

/// Decodes a string literal (with its quotes) into `scratch`; escapes become UTF-8. The result
/// points into the literal where it has no escapes, else into scratch. nullopt when it does not
/// fit.
[[nodiscard]] std::optional<std::string_view> json_decode_string(std::string_view literal,
                                                                 std::span<char> scratch);

/// Composes small JSON documents into the caller's memory. Overflow is sticky: ok() turns false
/// and nothing more is written; the caller checks once at the end.
class JsonWriter {
 public:
  explicit JsonWriter(std::span<char> out) : out_(out) {}

  JsonWriter& raw(std::string_view text);     ///< as it is: punctuation, checked values
  JsonWriter& string(std::string_view text);  ///< quoted and escaped; text is UTF-8
  JsonWriter& number(std::int64_t value);

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view text() const { return {out_.data(), size_}; }

 private:
  std::span<char> out_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace bellhop
