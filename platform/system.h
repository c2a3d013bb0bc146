#pragma once
// What the program needs of the machine it runs on, behind one header: its clocks, its entropy
// (fill_random), the watchdog that resets it, and the service manager that started us.
#include <chrono>
#include <string>

#include "platform/clock.h"
#include "platform/entropy.h"
#include "platform/service_manager.h"
#include "platform/watchdog.h"

namespace bellhop {

/// Made in main() and handed down.
class System {
 public:
  explicit System(WatchdogDevice& device) : watchdog_(device) {}

  /// To be called when all is set up, since from then on somebody watches. False with `error` only
  /// when the service manager's socket cannot be used.
  [[nodiscard]] bool open(const std::string& watchdog, std::chrono::seconds timeout,
                          std::string& error);

  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] ServiceManager& service_manager() { return service_manager_; }
  [[nodiscard]] const Watchdog& watchdog() const { return watchdog_; }

  /// When feed() next has something to do.
  [[nodiscard]] Instant feed_due() const { return feed_due_; }
  /// Tells whoever watches us, watchdog and service manager, that the loop turns.
  void feed(Instant now);

 private:
  SystemClock clock_;
  ServiceManager service_manager_;
  Watchdog watchdog_;
  Instant feed_due_ = kNever;
};

}  // namespace bellhop
