#include "platform/watchdog.h"

#include <algorithm>

#include "base/log.h"

namespace bellhop {
namespace {

/// For a driver that does not tell its timeout: none is known that is shorter than two.
constexpr Duration kCautious{1000};
/// How often one that cannot be used is tried again.
constexpr Duration kRetry{5000};

}  // namespace

void Watchdog::open(const std::string& path, std::chrono::seconds wanted) {
  if (path.empty()) return;
  path_ = path;
  wanted_ = wanted;
  interval_ = kRetry;
  feed();
}

void Watchdog::feed() {
  if (path_.empty()) return;
  std::string error;
  const bool fed = (armed_ || arm(error)) && device_.feed(error);
  note(fed, error);
}

bool Watchdog::arm(std::string& error) {
  if (!device_.open(path_, error)) return false;
  armed_ = true;
  device_.wish_timeout(wanted_);
  timeout_ = device_.timeout();
  interval_ = timeout_.count() > 0 ? Duration(timeout_) / 2 : kCautious;
  log_event(timeout_ == wanted_ ? LogLevel::info : LogLevel::warn, "watchdog_armed",
            {{"device", path_}, {"wanted_s", wanted_.count()}, {"granted_s", timeout_.count()}});
  if (!device_.outlives_us()) {
    log_event(LogLevel::warn, "watchdog_ends_with_us",
              {{"device", path_},
               {"reason", "its driver stops when it is closed: a crash is not noticed"}});
  }
  return true;
}

void Watchdog::note(bool good, const std::string& error) {
  if (!good && fault_.empty()) {
    log_event(LogLevel::error, "watchdog_unusable", {{"device", path_}, {"reason", error}});
  }
  if (good && !fault_.empty()) log_event(LogLevel::info, "watchdog_recovered", {{"device", path_}});
  fault_ = error;
}

}  // namespace bellhop
