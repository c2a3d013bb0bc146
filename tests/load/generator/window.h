#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bellhop::load {

// What one measured window of traffic came to.
struct Window {
  std::uint64_t sent = 0;
  std::uint64_t deliveries = 0;
  double server_cpu_s = 0;
  double wall_s = 0;
  double p50_us = 0;  // to just after the receiver's read; from when, says whoever measured
  double p99_us = 0;
};

// Takes the figures of one window after the other.
class WindowMeter {
 public:
  explicit WindowMeter(pid_t server);

  void start();
  void sent() { ++sent_; }
  // A message that was sent, or due, at `since_ns` has just been read.
  void delivered(std::int64_t since_ns);
  Window stop();

 private:
  pid_t server_;
  std::vector<std::uint32_t> latencies_us_;
  std::uint64_t sent_ = 0;
  std::int64_t cpu_start_ns_ = 0;
  std::int64_t start_ns_ = 0;
};

}  // namespace bellhop::load
