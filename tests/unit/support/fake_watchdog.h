#pragma once
// A watchdog without a machine. Knows no test framework.
#include "platform/watchdog_device.h"

namespace bellhop {

class FakeWatchdog final : public WatchdogDevice {
 public:
  bool open(const std::string& path, std::string& error) override {
    ++opens;
    opened = path;
    if (missing) error = "no such device";
    return !missing;
  }
  void wish_timeout(std::chrono::seconds timeout) override {
    wished = timeout;
    if (!keeps_its_own) granted = timeout;
  }
  std::chrono::seconds timeout() override { return granted; }
  bool outlives_us() override { return true; }
  bool feed(std::string& error) override {
    if (starving) error = "it takes nothing";
    if (!starving) ++feeds;
    return !starving;
  }

  bool missing = false;
  bool keeps_its_own = false;
  bool starving = false;
  std::string opened;
  std::chrono::seconds wished{0};
  std::chrono::seconds granted{0};
  int opens = 0;
  int feeds = 0;
};

}  // namespace bellhop
