#include "relay.h"
#include "scenario.h"

namespace bellhop::load {

// `size` terminals in pairs, one frame under way in each pair.
void scenario_relay(Loop& loop, const Options& options, Report& report) {
  Relay relay(loop, options.port, options.server, options.token_file, options.size);
  relay.run_closed(options.warm_up_s);
  const Window window = relay.run_closed(options.seconds);

  report.add("rate", static_cast<double>(window.deliveries) / window.server_cpu_s);
  report.add("p50_us", window.p50_us);
  report.add("p99_us", window.p99_us);
  report.add("busy", window.server_cpu_s / window.wall_s);
  report.add("frames", static_cast<double>(window.deliveries));
}

}  // namespace bellhop::load
