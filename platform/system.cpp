#include "platform/system.h"

#include <algorithm>

namespace bellhop {

bool System::open(const std::string& watchdog, std::chrono::seconds timeout, std::string& error) {
  if (!service_manager_.open(error)) return false;
  watchdog_.open(watchdog, timeout);
  feed_due_ = clock_.now();
  return true;
}

void System::feed(Instant now) {
  if (now < feed_due_) return;
  if (service_manager_.watchdog_interval() > Duration{0}) service_manager_.feed_watchdog();
  watchdog_.feed();
  feed_due_ = kNever;
  for (const Duration interval : {service_manager_.watchdog_interval(), watchdog_.interval()}) {
    if (interval > Duration{0}) feed_due_ = std::min(feed_due_, now + interval);
  }
}

}  // namespace bellhop
