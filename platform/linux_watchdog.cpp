#include "platform/linux_watchdog.h"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>

namespace bellhop {

bool LinuxWatchdog::open(const std::string& path, std::string& error) {
  // O_NONBLOCK: the name of a pipe must not keep us waiting for its reader.
  Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
  watchdog_info info{};
  if (!device || ioctl(device.get(), WDIOC_GETSUPPORT, &info) != 0) {
    error = path + (device ? ": not a watchdog: " : ": cannot open the watchdog: ") +
            std::strerror(errno);
    return false;
  }
  outlives_us_ = (info.options & WDIOF_MAGICCLOSE) != 0;
  device_ = std::move(device);
  return true;
}

void LinuxWatchdog::wish_timeout(std::chrono::seconds timeout) {
  int seconds = static_cast<int>(timeout.count());
  // Optional for drivers: what came of it is asked afterwards.
  static_cast<void>(ioctl(device_.get(), WDIOC_SETTIMEOUT, &seconds));
}

std::chrono::seconds LinuxWatchdog::timeout() {
  int seconds = 0;
  const bool told = ioctl(device_.get(), WDIOC_GETTIMEOUT, &seconds) == 0 && seconds > 0;
  return std::chrono::seconds(told ? seconds : 0);
}

bool LinuxWatchdog::feed(std::string& error) {
  // A written byte feeds with every driver, WDIOC_KEEPALIVE is optional. Any byte but 'V'.
  if (write(device_.get(), "\n", 1) == 1) return true;
  error = std::string("cannot feed the watchdog: ") + std::strerror(errno);
  return false;
}

}  // namespace bellhop
