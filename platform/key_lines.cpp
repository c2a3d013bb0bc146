#include "platform/key_lines.h"

#include <algorithm>

#include "platform/secret_file.h"

namespace bellhop {
namespace {

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = line.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

/// What can stand in a header value as one word (RFC 6750 section 2.1 allows less, X-API-Key more).
bool is_printable(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// What is wrong with a line of the file; empty: nothing.
std::string fault_of(std::string_view key, const KeyLineBounds& bounds) {
  if (key.size() < bounds.shortest) return "the key is too short";
  if (key.size() > bounds.longest) {
    return "the key is longer than " + std::to_string(bounds.longest) + " characters";
  }
  if (!is_printable(key)) return "the key contains a blank or a character that is not ASCII";
  return {};
}

/// Calls `take(key, line number)` for each key of the file's text until it returns false.
template <class Take>
bool each_key(std::string_view text, Take take) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view key = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!key.empty() && key.front() != '#' && !take(key, line)) return false;
  }
  return true;
}

std::string way_out(const KeyLineBounds& bounds) {
  return "; put keys of at least " + std::to_string(bounds.shortest) +
         " characters into it, one a line, with mode 0600";
}

}  // namespace

bool read_key_lines(const std::string& path, const KeyLineBounds& bounds,
                    const std::function<bool(std::string_view)>& take, std::string& error) {
  SecretFile file;
  bool sound = file.read(path, error);
  std::size_t keys = 0;
  if (sound) {
    sound = each_key(file.text(), [&](std::string_view key, std::size_t line) {
      const std::string fault = keys++ == kMostKeys ? "too many keys" : fault_of(key, bounds);
      if (!fault.empty()) error = path + ":" + std::to_string(line) + ": " + fault;
      return fault.empty() && take(key);
    });
    if (sound && keys == 0) error = path + ": there is no key in the file";
  }
  if (sound && keys > 0) return true;
  error += way_out(bounds);
  return false;
}

}  // namespace bellhop
