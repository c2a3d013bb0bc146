#include "clock_command.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "platform/clock_keeper.h"
#include "platform/machine_clock.h"

namespace bellhop {

int run_clock_command(const CommandLine& line) {
  MachineClock clock(line.rtc);
  ClockKeeper keeper(clock, line.clock_file, WallTime{std::chrono::seconds(BELLHOP_RELEASED)});
  std::string report;
  const bool restores = line.action == CommandLine::Action::clock_restore;
  const bool done = restores ? keeper.restore(report) : keeper.save(report);
  std::puts(report.c_str());
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace bellhop
