#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bellhop {

inline constexpr std::size_t kLogLineBytes = 1024;  ///< longest line of the log, its end included
inline constexpr std::size_t kLogTailLines = 256;

/// The last lines of the log, in fixed memory, so that the administrator sees them without a shell.
class LogTail {
 public:
  struct Line {
    std::uint64_t number = 0;  ///< counts all lines of this run from 1
    std::string_view text;     ///< valid until the next add()
  };

  /// Takes a line without its end, at most kLogLineBytes long; the oldest goes.
  void add(std::string_view text) {
    Slot& slot = slots_[added_++ % kLogTailLines];
    slot.size = text.copy(slot.bytes.data(), slot.bytes.size());
  }

  [[nodiscard]] std::size_t size() const {
    return added_ < kLogTailLines ? static_cast<std::size_t>(added_) : kLogTailLines;
  }
  /// Line `i` of size(), the oldest first.
  [[nodiscard]] Line operator[](std::size_t i) const {
    const std::uint64_t number = added_ - size() + i;
    const Slot& slot = slots_[number % kLogTailLines];
    return {number + 1, {slot.bytes.data(), slot.size}};
  }

 private:
  struct Slot {
    std::size_t size = 0;
    std::array<char, kLogLineBytes> bytes;
  };
  std::array<Slot, kLogTailLines> slots_{};
  std::uint64_t added_ = 0;
};

}  // namespace bellhop
