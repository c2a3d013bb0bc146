#pragma once
#include <cstdint>
#include <optional>

#include "base/fixed_array.h"

namespace bellhop {

/// Which slots of a fixed table have changed since somebody last looked: each at most once.
class ChangedSlots {
 public:
  explicit ChangedSlots(std::size_t slots) : marked_(slots), list_(slots) {}

  void mark(std::uint32_t slot) {
    if (marked_[slot]) return;
    marked_[slot] = true;
    list_.append(slot);
  }
  /// Takes one out, the last marked first.
  [[nodiscard]] std::optional<std::uint32_t> take() {
    if (list_.empty()) return std::nullopt;
    const std::uint32_t slot = list_.take_back();
    marked_[slot] = false;
    return slot;
  }
  [[nodiscard]] bool marked(std::uint32_t slot) const { return marked_[slot]; }
  [[nodiscard]] bool empty() const { return list_.empty(); }

 private:
  FixedArray<bool> marked_;
  FixedList<std::uint32_t> list_;
};

}  // namespace bellhop
