#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loop.h"

namespace bellhop::load {

struct Options {
  int port = 0;
  pid_t server = 0;         // its CPU time and memory are what is measured
  std::size_t size = 1000;  // members of the room, idle connections or terminals: see the scenario
  std::size_t publishers = 32;  // keep-alive back ends, where the scenario has several
  double warm_up_s = 0.5;
  double seconds = 1.0;             // of the measured window
  double frames_per_second = 5000;  // of all terminals together, relay_steady only
  std::string heap_file;            // counters of heap_count.c, only for the heap scenario
  std::string token_file;           // a token a line, line N for user N, only for terminals
};

// Named figures, printed as one JSON object. README.md says which one is compared.
class Report {
 public:
  void add(std::string_view name, double value) { figures_.emplace_back(name, value); }
  [[nodiscard]] const std::vector<std::pair<std::string, double>>& figures() const {
    return figures_;
  }

 private:
  std::vector<std::pair<std::string, double>> figures_;
};

// A scenario is one function in a file of its own, and one line in main.cpp.
using Scenario = void (*)(Loop&, const Options&, Report&);

void scenario_fanout(Loop& loop, const Options& options, Report& report);
void scenario_idle(Loop& loop, const Options& options, Report& report);
void scenario_publish(Loop& loop, const Options& options, Report& report);
void scenario_burst(Loop& loop, const Options& options, Report& report);
void scenario_heap(Loop& loop, const Options& options, Report& report);
void scenario_relay(Loop& loop, const Options& options, Report& report);
void scenario_relay_steady(Loop& loop, const Options& options, Report& report);

}  // namespace bellhop::load
