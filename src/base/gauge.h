#pragma once
#include <cstddef>
#include <cstdint>

namespace bellhop {

/// What operators see of one bound (contract section 5): how much, how full, how full ever, how
/// often somebody was refused for it.
struct TableGauge {
  std::size_t capacity = 0;
  std::size_t in_use = 0;
  std::size_t high_water = 0;
  std::uint64_t refusals = 0;

  void take() {
    ++in_use;
    if (in_use > high_water) high_water = in_use;
  }
  void release() { --in_use; }
  void refuse() { ++refusals; }
  [[nodiscard]] bool full() const { return in_use >= capacity; }
};

}  // namespace bellhop
