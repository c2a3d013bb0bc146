#include "window.h"

#include <algorithm>
#include <cmath>

#include "clock.h"
#include "process_meter.h"

namespace bellhop::load {
namespace {

constexpr std::size_t kExpectedLatencies = 4'000'000;

double percentile(std::vector<std::uint32_t>& values, double share) {
  if (values.empty()) {
    return 0;
  }
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

}  // namespace

WindowMeter::WindowMeter(pid_t server) : server_(server) {
  latencies_us_.reserve(kExpectedLatencies);
}

void WindowMeter::start() {
  latencies_us_.clear();
  sent_ = 0;
  cpu_start_ns_ = process_cpu_ns(server_);
  start_ns_ = now_ns();
}

void WindowMeter::delivered(std::int64_t since_ns) {
  latencies_us_.push_back(static_cast<std::uint32_t>((now_ns() - since_ns) / 1000));
}

Window WindowMeter::stop() {
  Window window;
  window.wall_s = static_cast<double>(now_ns() - start_ns_) / 1e9;
  window.server_cpu_s = static_cast<double>(process_cpu_ns(server_) - cpu_start_ns_) / 1e9;
  window.sent = sent_;
  window.deliveries = latencies_us_.size();
  window.p50_us = percentile(latencies_us_, 0.50);
  window.p99_us = percentile(latencies_us_, 0.99);
  return window;
}

}  // namespace bellhop::load
