#pragma once
#include <cstdint>

#include "base/instant.h"

namespace bellhop {

/// Counts what somebody sends within ten seconds (limits.messages_per_10s).
class RateWindow {
 public:
  /// Counts one more; false when it is more than `most` in this window.
  [[nodiscard]] bool take(Instant now, std::uint32_t most) {
    if (now - start_ >= kLength) {
      start_ = now;
      count_ = 0;
    }
    return ++count_ <= most;
  }

 private:
  static constexpr Duration kLength{10'000};
  Instant start_ = Instant{} - kLength;
  std::uint32_t count_ = 0;
};

}  // namespace bellhop
