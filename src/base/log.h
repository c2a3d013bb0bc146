#pragma once
// Log lines as key=value on stderr (contract section 7):
//   time=2026-01-02T03:04:05.678+08:00 level=warn event=session_closed sid=... reason="..."
// Tokens and keys are never passed to it.
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/log_tail.h"

namespace bellhop {

enum class LogLevel : std::uint8_t { debug, info, warn, error };

/// One key=value pair; a value with spaces, quotes or control characters is quoted and escaped.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), text(v) {}
  LogField(std::string_view k, const char* v) : key(k), text(v) {}
  template <std::integral Integer>
  LogField(std::string_view k, Integer v)
      : key(k), number(static_cast<std::int64_t>(v)), is_number(true) {}

  std::string_view key;
  std::string_view text;
  std::int64_t number = 0;
  bool is_number = false;
};

void log_set_level(LogLevel level);
/// `debug`, `info`, `warn` or `error`; false for any other word.
[[nodiscard]] bool parse_log_level(std::string_view word, LogLevel& level);
[[nodiscard]] bool log_enabled(LogLevel level);

/// Writes one line with one write() and no heap, and keeps it in the tail. A line longer than 1 KiB
/// is cut and ends in ` cut=1`. The machine's local time stamps it, read with clock_gettime.
void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

/// The last lines of this process.
[[nodiscard]] const LogTail& log_tail();

}  // namespace bellhop
