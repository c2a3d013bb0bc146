#include <memory>

#include "crowd.h"
#include "scenario.h"
#include "traffic.h"

namespace bellhop::load {
namespace {

double pushes_per_cpu_second(const Window& window) {
  return static_cast<double>(window.sent) / window.server_cpu_s;
}

}  // namespace

// `publishers` keep-alive back ends push to a room with one subscriber, while `size` other
// connections stay idle. With idle ones there are three windows, before, beside and after them, all
// in one run: `kept` is the rate beside them over the mean of the other two.
void scenario_publish(Loop& loop, const Options& options, Report& report) {
  Traffic traffic(loop, options.port, options.server, options.publishers);
  const Crowd room(loop, options.port, 1, Member::Goal::in_room, &traffic);
  traffic.run(room.size(), options.warm_up_s);
  Window window = traffic.run(room.size(), options.seconds);
  if (options.size > 0) {
    const double before = pushes_per_cpu_second(window);
    {
      const Crowd idle(loop, options.port, options.size, Member::Goal::connected, nullptr);
      loop.run_for(0.2);
      window = traffic.run(room.size(), options.seconds);
    }
    loop.run_for(0.5);  // the server is still busy with the leaving
    const double after = pushes_per_cpu_second(traffic.run(room.size(), options.seconds));
    report.add("kept", pushes_per_cpu_second(window) * 2 / (before + after));
  }
  room.expect_events(traffic.total_pushes());

  report.add("rate", pushes_per_cpu_second(window));
  report.add("p50_us", window.p50_us);
  report.add("p99_us", window.p99_us);
  report.add("busy", window.server_cpu_s / window.wall_s);
}

}  // namespace bellhop::load
