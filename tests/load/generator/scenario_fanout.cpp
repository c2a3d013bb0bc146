#include "crowd.h"
#include "scenario.h"
#include "traffic.h"

namespace bellhop::load {

// One push at a time to a room of `size`: the next one goes when all have the last.
void scenario_fanout(Loop& loop, const Options& options, Report& report) {
  Traffic traffic(loop, options.port, options.server, 1);
  const Crowd room(loop, options.port, options.size, Member::Goal::in_room, &traffic);
  traffic.run(room.size(), options.warm_up_s);
  const Window window = traffic.run(room.size(), options.seconds);
  room.expect_events(traffic.total_pushes());

  report.add("rate", static_cast<double>(window.deliveries) / window.server_cpu_s);
  report.add("p50_us", window.p50_us);
  report.add("p99_us", window.p99_us);
  report.add("busy", window.server_cpu_s / window.wall_s);
  report.add("pushes", static_cast<double>(window.sent));
}

}  // namespace bellhop::load
