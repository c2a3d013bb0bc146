#include "crowd.h"
#include "process_meter.h"
#include "scenario.h"

namespace bellhop::load {
namespace {

// The memory once it has stopped moving: two readings 300 ms apart within 0.5 %, at most ten tries.
std::int64_t settled_rss_kib(Loop& loop, pid_t server) {
  std::int64_t last = process_rss_kib(server);
  for (int i = 0; i < 10; ++i) {
    loop.run_for(0.3);
    const std::int64_t now = process_rss_kib(server);
    const std::int64_t change = now > last ? now - last : last - now;
    last = now;
    if (change * 200 <= now) {
      break;
    }
  }
  return last;
}

constexpr std::size_t kWarmConnections = 50;  // code and tables touched once are not theirs

}  // namespace

// Memory of `size` connections that entered the namespace, no room, and do nothing.
void scenario_idle(Loop& loop, const Options& options, Report& report) {
  const Crowd warm(loop, options.port, kWarmConnections, Member::Goal::connected, nullptr);
  const std::int64_t before = settled_rss_kib(loop, options.server);
  const Crowd idle(loop, options.port, options.size, Member::Goal::connected, nullptr);
  const std::int64_t after = settled_rss_kib(loop, options.server);

  report.add("kib_per_connection",
             static_cast<double>(after - before) / static_cast<double>(options.size));
  report.add("mib_in_all", static_cast<double>(after) / 1024);
  report.add("mib_before", static_cast<double>(before) / 1024);
  report.add("open_rate", idle.open_rate());
}

}  // namespace bellhop::load
