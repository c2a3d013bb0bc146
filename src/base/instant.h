#pragma once
// Time as every layer sees it: values handed in, never a clock that is read (DESIGN.md, "Time").
#include <chrono>
#include <cstdint>

namespace bellhop {

using Duration = std::chrono::milliseconds;

/// Tag of the monotonic time line. It has no now() on purpose: only platform/clock.h reads clocks.
struct MonotonicTime {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = Duration;
};

/// Tag of the wall clock (Unix time). std::chrono::system_clock is not used: libstdc++ for 32-bit
/// ARM keeps a 32-bit time_t inside it and breaks in 2038.
struct UnixTime {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = Duration;
};

/// A moment of the monotonic clock, milliseconds since an arbitrary start.
using Instant = std::chrono::time_point<MonotonicTime, Duration>;
/// A moment of the wall clock, milliseconds since 1970-01-01T00:00:00Z.
using WallTime = std::chrono::time_point<UnixTime, Duration>;

inline constexpr Instant kNever = Instant::max();

/// One moment on both time lines, for rules that wait and also say what time it is.
struct Moment {
  Instant now;
  WallTime wall;
};

}  // namespace bellhop
