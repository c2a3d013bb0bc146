#include "platform/machine_clock.h"

#include <fcntl.h>
#include <linux/rtc.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "base/utc_time.h"
#include "platform/clock.h"
#include "platform/descriptor.h"

namespace bellhop {
namespace {

static_assert(sizeof(std::time_t) == 8, "32-bit targets need -D_TIME_BITS=64");

std::string because(std::string_view what) {
  return std::string(what) + ": " + std::strerror(errno);
}

}  // namespace

WallTime MachineClock::wall_now() {
  return SystemClock().wall_now();
}

bool MachineClock::set_wall(WallTime to, std::string& error) {
  const std::int64_t ms = to.time_since_epoch().count();
  const timespec time{static_cast<std::time_t>(ms / 1000),
                      static_cast<long>(ms % 1000) * 1'000'000};
  if (clock_settime(CLOCK_REALTIME, &time) == 0) return true;
  error = because("the clock cannot be set");
  return false;
}

std::optional<WallTime> MachineClock::read_rtc(std::string& error) {
  const Descriptor device(open(rtc_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  rtc_time time{};
  if (!device || ioctl(device.get(), RTC_RD_TIME, &time) != 0) {
    error = because(rtc_);
    return std::nullopt;
  }
  const auto at = from_utc(
      {time.tm_year + 1900, time.tm_mon + 1, time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec});
  if (!at) error = rtc_ + ": it tells a time that is none";
  return at;
}

bool MachineClock::set_rtc(WallTime to, std::string& error) {
  const Descriptor device(open(rtc_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const UtcTime utc = to_utc(to);
  rtc_time time{};
  time.tm_year = utc.year - 1900;
  time.tm_mon = utc.month - 1;
  time.tm_mday = utc.day;
  time.tm_hour = utc.hour;
  time.tm_min = utc.minute;
  time.tm_sec = utc.second;
  if (device && ioctl(device.get(), RTC_SET_TIME, &time) == 0) return true;
  error = because(rtc_);
  return false;
}

}  // namespace bellhop
