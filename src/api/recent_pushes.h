#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fixed_array.h"
#include "base/fixed_string.h"

namespace bellhop {

/// The last pushes that came with an idempotency key: a back end that did not hear the answer may
/// send the same push again and gets the first answer. Oldest go first.
class RecentPushes {
 public:
  struct Answer {
    std::uint64_t id = 0;
    std::size_t delivered = 0;
  };

  explicit RecentPushes(std::size_t capacity) : entries_(capacity) {}

  [[nodiscard]] std::optional<Answer> find(std::string_view key) const {
    if (key.empty()) return std::nullopt;
    for (const Entry& entry : entries_) {
      if (entry.key == key) return entry.answer;
    }
    return std::nullopt;
  }

  void remember(std::string_view key, const Answer& answer) {
    if (key.empty()) return;
    Entry& entry = entries_[next_];
    if (!entry.key.assign(key)) return;
    entry.answer = answer;
    next_ = (next_ + 1) % entries_.size();
  }

 private:
  struct Entry {
    FixedString<64> key;
    Answer answer;
  };
  FixedArray<Entry> entries_;
  std::size_t next_ = 0;
};

}  // namespace bellhop
