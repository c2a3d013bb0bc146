#include "relay.h"
#include "scenario.h"

namespace bellhop::load {

// `frames_per_second` in all, spread evenly in time and among `size` terminals.
void scenario_relay_steady(Loop& loop, const Options& options, Report& report) {
  Relay relay(loop, options.port, options.server, options.token_file, options.size);
  relay.run_steady(options.warm_up_s, options.frames_per_second);
  const Window window = relay.run_steady(options.seconds, options.frames_per_second);

  report.add("rate", static_cast<double>(window.deliveries) / window.server_cpu_s);
  report.add("p50_us", window.p50_us);
  report.add("p99_us", window.p99_us);
  report.add("busy", window.server_cpu_s / window.wall_s);
  report.add("frames", static_cast<double>(window.deliveries));
}

}  // namespace bellhop::load
