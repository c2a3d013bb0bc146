#pragma once
#include "base/instant.h"
#include "base/local_time.h"

namespace bellhop {

/// The only place where time is read. Tests pass a clock of their own, or just Instants.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Never runs backwards.
  [[nodiscard]] virtual Instant now() = 0;
  /// May jump: people and time servers set it. For display and expiry dates only.
  [[nodiscard]] virtual WallTime wall_now() = 0;
};

/// clock_gettime: CLOCK_MONOTONIC and CLOCK_REALTIME.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() override;
  [[nodiscard]] WallTime wall_now() override;
};

}  // namespace bellhop
