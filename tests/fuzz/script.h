#pragma once
// A fuzz input read as a script: bytes that say what happens, and what is said.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bellhop::fuzz {

/// Takes the input apart; zeros when it has ended.
class Script {
 public:
  explicit Script(std::string_view rest) : rest_(rest) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  /// One of the things clients say, or bytes of the input: those when the next byte is `own_from`
  /// or more.
  std::string text(std::span<const std::string_view> said, std::size_t own_from) {
    const std::uint8_t choice = byte();
    if (choice < own_from) return std::string(said[choice % said.size()]);
    const std::size_t wanted = byte() * 2U;
    const std::size_t size = std::min(wanted, rest_.size());
    std::string own(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return own;
  }
  /// `text` with up to three edits.
  void edit(std::string& text) {
    const std::uint8_t edits = byte();
    if (edits >= 128) return;  // the bytes that follow are often worth more to the fuzzer
    for (int i = 0; i < edits % 4 && !text.empty(); ++i) edit_once(text);
  }

 private:
  void edit_once(std::string& text) {
    static constexpr std::string_view kTokens[] = {R"("Type":)",
                                                   R"("Id":"1",)",
                                                   R"("Data":null,)",
                                                   R"("D\u0061ta":)",
                                                   "[[[[[[[[",
                                                   R"("Event":"Call",)",
                                                   "null",
                                                   "{}",
                                                   R"("")",
                                                   R"(\ud83d\ude00)",
                                                   "\xff",
                                                   "呼叫",
                                                   "1e5"};
    const std::uint8_t kind = byte();
    const std::size_t high = byte();
    const std::size_t at = (high * 256 + byte()) % text.size();
    const std::size_t size = std::min<std::size_t>(1 + byte() % 16, text.size() - at);
    switch (kind % 5) {
      case 0:
        text[at] = static_cast<char>(byte());
        return;
      case 1:
        text.erase(at, size);
        return;
      case 2:
        text.insert(at, text.substr(at, size));
        return;
      case 3:
        text.insert(at, kTokens[byte() % std::size(kTokens)]);
        return;
      default:
        text.resize(at);
        return;
    }
  }

  std::string_view rest_;
};

}  // namespace bellhop::fuzz
