#include "crowd.h"
#include "scenario.h"
#include "traffic.h"

namespace bellhop::load {

// `publishers` pushes at a time to a room of `size`, faster than one write a delivery can go. A
// server that joins what is queued for a member sends several frames in one TCP segment.
void scenario_burst(Loop& loop, const Options& options, Report& report) {
  Traffic traffic(loop, options.port, options.server, options.publishers);
  const Crowd room(loop, options.port, options.size, Member::Goal::in_room, &traffic);
  traffic.run(room.size(), options.warm_up_s);
  const std::uint64_t segments_before = room.data_segments();
  const Window window = traffic.run(room.size(), options.seconds);
  const std::uint64_t segments = room.data_segments() - segments_before;
  room.expect_events(traffic.total_pushes());

  report.add("rate", static_cast<double>(window.deliveries) / window.server_cpu_s);
  report.add("p50_us", window.p50_us);
  report.add("p99_us", window.p99_us);
  report.add("busy", window.server_cpu_s / window.wall_s);
  report.add("frames_per_segment",
             static_cast<double>(window.deliveries) / static_cast<double>(segments));
}

}  // namespace bellhop::load
