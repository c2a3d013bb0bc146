#include "crowd.h"
#include "process_meter.h"
#include "scenario.h"
#include "traffic.h"

namespace bellhop::load {

// Heap calls of the server a push, `publishers` at a time to a room of `size`. The server must run
// with heap_count preloaded.
void scenario_heap(Loop& loop, const Options& options, Report& report) {
  Traffic traffic(loop, options.port, options.server, options.publishers);
  const Crowd room(loop, options.port, options.size, Member::Goal::in_room, &traffic);
  traffic.run(room.size(), options.warm_up_s);
  const HeapCalls before = read_heap_calls(options.heap_file);
  const Window window = traffic.run(room.size(), options.seconds);
  const HeapCalls after = read_heap_calls(options.heap_file);
  room.expect_events(traffic.total_pushes());

  const std::uint64_t taken = (after.malloc - before.malloc) + (after.calloc - before.calloc) +
                              (after.realloc - before.realloc);
  report.add("heap_calls", static_cast<double>(taken));
  const auto pushes = static_cast<double>(window.sent);
  report.add("heap_calls_per_push", static_cast<double>(taken) / pushes);
  report.add("pushes", pushes);
  report.add("deliveries", static_cast<double>(window.deliveries));
}

}  // namespace bellhop::load
