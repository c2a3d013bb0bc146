#include "platform/clock.h"

#include <ctime>

namespace bellhop {
namespace {

static_assert(sizeof(std::time_t) == 8, "January 2038 must not be the end: -D_TIME_BITS=64");

Duration read_clock(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return Duration{std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000};
}

}  // namespace

Instant SystemClock::now() {
  return Instant{read_clock(CLOCK_MONOTONIC)};
}

WallTime SystemClock::wall_now() {
  return WallTime{read_clock(CLOCK_REALTIME)};
}

}  // namespace bellhop
