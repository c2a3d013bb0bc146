#pragma once
#include "config/command_line.h"

namespace bellhop {

/// `bellhop clock restore|save FILE`, for the init scripts of a box without internet. Says what it
/// did in one line on stdout. Returns the exit code: 0, else 1; a missing RTC or file is no error.
[[nodiscard]] int run_clock_command(const CommandLine& line);

}  // namespace bellhop
