#include "base/log.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>

#include "base/local_time.h"

namespace bellhop {
namespace {

constexpr std::array<std::string_view, 4> kLevelWords{"debug", "info", "warn", "error"};

LogLevel threshold = LogLevel::info;
LogTail tail;

std::string_view level_word(LogLevel level) {
  return kLevelWords[static_cast<std::size_t>(level)];
}

/// Collects one line; what does not fit is dropped, but never the quote, mark and line end.
class LineWriter {
 public:
  void key(std::string_view name) {
    if (size_ > 0) put_whole(" ");
    put(name);
    put_whole("=");
  }

  void value(std::string_view text) {
    if (!needs_quotes(text)) return put(text);
    put_whole("\"");
    if (cut_) return;
    for (const char c : text) put_escaped(c);
    append("\"");
  }

  void value(std::int64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    put(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
  }

  std::string_view finish() {
    if (cut_) append(kCutMark);
    append("\n");
    return {bytes_.data(), size_};
  }

 private:
  static constexpr std::string_view kCutMark = " cut=1";
  static constexpr std::size_t kRoom = kLogLineBytes - kCutMark.size() - 2;

  static bool needs_quotes(std::string_view text) {
    if (text.empty()) return true;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte <= 0x20 || byte == 0x7f || c == '"' || c == '=' || c == '\\') return true;
    }
    return false;
  }

  void put_escaped(char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      const std::array<char, 2> pair{'\\', c};
      put_whole(std::string_view(pair.data(), pair.size()));
    } else if (c == '\n') {
      put_whole("\\n");
    } else if (byte < 0x20 || byte == 0x7f) {
      const std::array<char, 4> code{'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
      put_whole(std::string_view(code.data(), code.size()));
    } else {
      put(std::string_view(&c, 1));
    }
  }

  /// Once something did not fit, nothing more is taken: a line is cut at one place only.
  void put(std::string_view text) {
    if (cut_) return;
    const std::size_t fits = std::min(text.size(), kRoom - size_);
    append(text.substr(0, fits));
    if (fits == text.size()) return;
    cut_ = true;
    drop_partial_character();
  }

  /// UTF-8 must not be cut inside a character: the line would not be readable as text.
  void drop_partial_character() {
    std::size_t start = size_;
    while (start > 0 && size_ - start < 3 && is_continuation(bytes_[start - 1])) --start;
    if (start == 0) return;
    const auto lead = static_cast<unsigned char>(bytes_[start - 1]);
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (length > size_ - start + 1) size_ = start - 1;
  }

  /// Half an escape would swallow the closing quote.
  void put_whole(std::string_view text) {
    if (text.size() > kRoom - size_) cut_ = true;
    put(text);
  }

  static bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

  void append(std::string_view text) { size_ += text.copy(bytes_.data() + size_, text.size()); }

  std::array<char, kLogLineBytes> bytes_;
  std::size_t size_ = 0;
  bool cut_ = false;
};

void write_line(std::string_view line) {
  // One call a line keeps lines whole when several processes share stderr. A log that nobody
  // takes is not worth waiting for: a short or failed write is dropped.
  while (write(STDERR_FILENO, line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

std::string_view stamp(std::array<char, kLocalTimeSize>& out) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const WallTime at{Duration{std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000}};
  return format_local_time(at, out);
}

}  // namespace

void log_set_level(LogLevel level) {
  threshold = level;
}

bool parse_log_level(std::string_view word, LogLevel& level) {
  for (std::size_t i = 0; i < kLevelWords.size(); ++i) {
    if (kLevelWords[i] != word) continue;
    level = static_cast<LogLevel>(i);
    return true;
  }
  return false;
}

bool log_enabled(LogLevel level) {
  return level >= threshold;
}

void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!log_enabled(level)) return;
  std::array<char, kLocalTimeSize> time;
  LineWriter line;
  line.key("time");
  line.value(stamp(time));
  line.key("level");
  line.value(level_word(level));
  line.key("event");
  line.value(event);
  for (const LogField& field : fields) {
    line.key(field.key);
    field.is_number ? line.value(field.number) : line.value(field.text);
  }
  const std::string_view text = line.finish();
  tail.add(text.substr(0, text.size() - 1));
  write_line(text);
}

const LogTail& log_tail() {
  return tail;
}

}  // namespace bellhop
