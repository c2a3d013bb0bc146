#include "protocol/date_time.h"

#include "base/utc_time.h"

namespace bellhop {
namespace {

/// Takes a text apart from its front; good() turns false for ever at the first thing that is not
/// there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  /// Exactly so many digits, a number up to `most`.
  int number(std::size_t digits, int most) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      good_ = good_ && i < rest_.size() && rest_[i] >= '0' && rest_[i] <= '9';
      if (good_) value = value * 10 + (rest_[i] - '0');
    }
    if (good_) rest_.remove_prefix(digits);
    good_ = good_ && value <= most;
    return value;
  }
  void skip(char wanted) { good_ = good_ && take(wanted); }
  bool take(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Digits up to the first other character: the first three as milliseconds.
  int fraction_ms() {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      if (digits < 3) value = value * 10 + (rest_[digits] - '0');
    }
    good_ = good_ && digits > 0;
    rest_.remove_prefix(digits);
    for (; digits < 3; ++digits) value *= 10;
    return value;
  }
  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::chrono::minutes read_offset(Reader& in) {
  if (in.take('Z')) return {};
  const bool west = in.take('-');
  if (!west) in.skip('+');
  const int hours = in.number(2, 23);
  in.skip(':');
  const std::chrono::minutes offset(hours * 60 + in.number(2, 59));
  return west ? -offset : offset;
}

}  // namespace

std::optional<WallTime> parse_date_time(std::string_view text) {
  Reader in(text);
  UtcTime time;  // as if the offset were none
  time.year = in.number(4, 9999);
  in.skip('-');
  time.month = in.number(2, 12);
  in.skip('-');
  time.day = in.number(2, 31);
  in.skip('T');
  time.hour = in.number(2, 23);
  in.skip(':');
  time.minute = in.number(2, 59);
  in.skip(':');
  time.second = in.number(2, 60);
  const int ms = in.take('.') ? in.fraction_ms() : 0;
  const std::chrono::minutes offset = read_offset(in);
  const auto moment = from_utc(time);
  if (!in.done() || !moment) return std::nullopt;
  return *moment + Duration(ms) - offset;
}

}  // namespace bellhop
