#include <charconv>

#include "protocol/json_scan.h"
#include "protocol/socketio.h"

namespace bellhop {

namespace {

/// One pass over the text, with one bit for each open object: is it a placeholder, and is its
/// number in range. json_check() allows 64 levels, as many as the words have bits.
class PlaceholderCheck {
 public:
  PlaceholderCheck(std::string_view json, std::uint8_t attachments)
      : at_(json.data()), end_(at_ + json.size()), attachments_(attachments) {}

  [[nodiscard]] bool passes() {
    while (at_ != end_) {
      if (!step()) return false;
    }
    return true;
  }

 private:
  [[nodiscard]] bool step() {
    switch (*at_) {
      case '"':
        string();
        return true;
      case '{':
      case '[':
        placeholders_ <<= 1;
        in_range_ <<= 1;
        break;
      case '}':
      case ']':
        if ((placeholders_ & 1U) > (in_range_ & 1U)) return false;
        placeholders_ >>= 1;
        in_range_ >>= 1;
        break;
      default:
        break;
    }
    ++at_;
    return true;
  }

  /// A string, and the value behind it when it is one of the two keys.
  void string() {
    const char* const stop = json_scan::string_end(at_, end_);
    const std::string_view literal(at_, stop);
    at_ = json_scan::skip_space(stop, end_);
    if (at_ == end_ || *at_ != ':') return;
    at_ = json_scan::skip_space(at_ + 1, end_);
    if (json_scan::literal_is(literal, "_placeholder")) {
      set(placeholders_, scalar() == "true");
    } else if (json_scan::literal_is(literal, "num")) {
      set(in_range_, number_in_range(scalar()));
    }
  }

  /// The value at at_ when it is no container; those are walked by step().
  [[nodiscard]] std::string_view scalar() const {
    if (at_ == end_ || *at_ == '{' || *at_ == '[') return {};
    return {at_, json_scan::value_end(at_, end_)};
  }

  [[nodiscard]] bool number_in_range(std::string_view text) const {
    unsigned number = 0;
    const char* const stop = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), stop, number);
    return error == std::errc{} && end == stop && number < attachments_;
  }

  static void set(std::uint64_t& bits, bool value) { bits = (bits & ~1ULL) | (value ? 1U : 0U); }

  const char* at_;
  const char* end_;
  std::uint64_t placeholders_ = 0;
  std::uint64_t in_range_ = 0;
  std::uint8_t attachments_;
};

}  // namespace

bool socketio_placeholders_valid(std::string_view json, std::uint8_t attachments) {
  return PlaceholderCheck(json, attachments).passes();
}

}  // namespace bellhop
