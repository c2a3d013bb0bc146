#include <algorithm>
#include <bit>
#include <cstring>

#include "protocol/json.h"
#include "protocol/json_scan.h"
#include "protocol/utf8_sequence.h"

namespace bellhop {

namespace {

/// One bit of a word remembers for each level whether it is an object.
constexpr unsigned kNestingMax = 64;

/// First byte that is not plain string content: a quote, a backslash, a control, or not ASCII.
/// Eight bytes at a time; a borrow only ever disturbs bytes above the first that stops.
[[nodiscard]] const char* skip_plain(const char* at, const char* end) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  while (end - at >= 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    const std::uint64_t control = bytes - kOnes * 0x20U;
    const std::uint64_t quote = (bytes ^ kOnes * 0x22U) - kOnes;
    const std::uint64_t slash = (bytes ^ kOnes * 0x5CU) - kOnes;
    const std::uint64_t stops = (bytes | control | quote | slash) & kHighs;
    if (stops != 0) {
      if constexpr (std::endian::native != std::endian::little) break;
      return at + std::countr_zero(stops) / 8;
    }
    at += 8;
  }
  const auto plain = [](unsigned char c) { return c - 0x20U < 0x60U && c != '"' && c != '\\'; };
  while (at != end && plain(static_cast<unsigned char>(*at))) ++at;
  return at;
}

/// Every check leaves at_ behind what it read and returns nullptr, or at the byte that is wrong
/// and returns the reason.
class Checker {
 public:
  Checker(std::string_view text, unsigned max_depth)
      : begin_(text.data()),
        at_(begin_),
        end_(begin_ + text.size()),
        max_depth_(std::min(max_depth, kNestingMax)) {}

  [[nodiscard]] const char* value();
  [[nodiscard]] const char* nothing_more() {
    at_ = json_scan::skip_space(at_, end_);
    return at_ == end_ ? nullptr : "unexpected text after the value";
  }
  [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }

 private:
  enum class Step : std::uint8_t { value_follows, value_done };

  [[nodiscard]] const char* start_value(Step& step);
  [[nodiscard]] const char* open(bool object, Step& step);
  [[nodiscard]] const char* after_value(Step& step);
  [[nodiscard]] const char* key();
  [[nodiscard]] const char* literal(std::string_view word);
  [[nodiscard]] const char* number();
  [[nodiscard]] const char* digits();
  [[nodiscard]] const char* string();
  [[nodiscard]] const char* escape();
  [[nodiscard]] const char* unicode_escape();
  [[nodiscard]] const char* not_ascii();

  [[nodiscard]] bool in_object() const { return (objects_ & 1U) != 0; }
  [[nodiscard]] bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] bool take_close() {
    at_ = json_scan::skip_space(at_, end_);
    if (!take(in_object() ? '}' : ']')) return false;
    objects_ >>= 1;
    --depth_;
    return true;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  std::uint64_t objects_ = 0;  ///< lowest bit: the innermost container is an object
  unsigned depth_ = 0;
  unsigned max_depth_;
};

const char* Checker::value() {
  for (;;) {
    Step step = Step::value_done;
    const char* fault = start_value(step);
    while (fault == nullptr && step == Step::value_done) {
      if (depth_ == 0) return nullptr;
      fault = after_value(step);
    }
    if (fault != nullptr) return fault;
  }
}

const char* Checker::start_value(Step& step) {
  at_ = json_scan::skip_space(at_, end_);
  if (at_ == end_) return "unexpected end of the text";
  switch (*at_) {
    case '"':
      return string();
    case '{':
      return open(true, step);
    case '[':
      return open(false, step);
    case 't':
      return literal("true");
    case 'f':
      return literal("false");
    case 'n':
      return literal("null");
    default:
      return *at_ == '-' || json_scan::is_digit(*at_) ? number() : "expected a value";
  }
}

const char* Checker::open(bool object, Step& step) {
  if (depth_ == max_depth_) return "nested too deeply";
  ++at_;
  ++depth_;
  objects_ = objects_ << 1 | (object ? 1U : 0U);
  if (take_close()) return nullptr;
  step = Step::value_follows;
  return object ? key() : nullptr;
}

const char* Checker::after_value(Step& step) {
  if (take_close()) return nullptr;
  if (at_ == end_) return "unexpected end of the text";
  if (!take(',')) return in_object() ? "expected ',' or '}'" : "expected ',' or ']'";
  step = Step::value_follows;
  return in_object() ? key() : nullptr;
}

const char* Checker::key() {
  at_ = json_scan::skip_space(at_, end_);
  if (at_ == end_) return "unexpected end of the text";
  if (*at_ != '"') return "expected a member name in quotes";
  if (const char* fault = string()) return fault;
  at_ = json_scan::skip_space(at_, end_);
  return take(':') ? nullptr : "expected ':'";
}

const char* Checker::literal(std::string_view word) {
  if (!std::string_view(at_, end_).starts_with(word)) return "expected a value";
  at_ += word.size();
  return nullptr;
}

const char* Checker::digits() {
  if (at_ == end_ || !json_scan::is_digit(*at_)) return "expected a digit";
  while (at_ != end_ && json_scan::is_digit(*at_)) ++at_;
  return nullptr;
}

const char* Checker::number() {
  (void)take('-');
  if (!take('0')) {
    if (const char* fault = digits()) return fault;
  }
  if (take('.')) {
    if (const char* fault = digits()) return fault;
  }
  if (!take('e') && !take('E')) return nullptr;
  if (!take('+')) (void)take('-');
  return digits();
}

const char* Checker::string() {
  ++at_;
  for (;;) {
    at_ = skip_plain(at_, end_);
    if (at_ == end_) return "unterminated string";
    if (take('"')) return nullptr;
    const auto byte = static_cast<unsigned char>(*at_);
    if (byte < 0x20) return "control character in a string";
    if (const char* fault = byte == '\\' ? escape() : not_ascii()) return fault;
  }
}

const char* Checker::not_ascii() {
  while (at_ != end_ && (static_cast<unsigned char>(*at_) & 0x80U) != 0) {
    const std::size_t length = utf8_sequence(at_, end_);
    if (length == 0) return "invalid UTF-8";
    at_ += length;
  }
  return nullptr;
}

const char* Checker::escape() {
  if (end_ - at_ < 2) return "unterminated string";
  if (at_[1] == 'u') return unicode_escape();
  if (std::string_view("\"\\/bfnrt").find(at_[1]) == std::string_view::npos)
    return "unknown escape";
  at_ += 2;
  return nullptr;
}

const char* Checker::unicode_escape() {
  const int unit = json_scan::hex4(at_ + 2, end_);
  if (unit < 0) return "expected four hexadecimal digits after \\u";
  if (json_scan::is_low_surrogate(unit)) return "unpaired surrogate";
  if (json_scan::is_high_surrogate(unit)) {
    const bool another = end_ - at_ >= 12 && at_[6] == '\\' && at_[7] == 'u';
    if (!another || !json_scan::is_low_surrogate(json_scan::hex4(at_ + 8, end_))) {
      return "unpaired surrogate";
    }
    at_ += 6;
  }
  at_ += 6;
  return nullptr;
}

}  // namespace

std::optional<JsonError> json_check(std::string_view text, unsigned max_depth) {
  Checker checker(text, max_depth);
  const char* fault = checker.value();
  if (fault == nullptr) fault = checker.nothing_more();
  if (fault == nullptr) return std::nullopt;
  return JsonError{fault, checker.offset()};
}

std::optional<JsonError> json_check_prefix(std::string_view text, unsigned max_depth,
                                           std::size_t& end) {
  Checker checker(text, max_depth);
  const char* fault = checker.value();
  end = checker.offset();
  if (fault == nullptr) return std::nullopt;
  return JsonError{fault, end};
}

}  // namespace bellhop
