#pragma once
#include "base/instant.h"
#include "config/command_line.h"
#include "config/options.h"

namespace bellhop {

/// `bellhop token add|list|revoke`: works on the database, whether a gateway serves from it or not,
/// and also before the first start, which it then does the preparations of. A token goes to stdout,
/// alone; explanations and errors go to stderr. Returns the exit code: 0, 78 (EX_CONFIG) for a
/// wrong option or value, else 1.
[[nodiscard]] int run_token_command(const CommandLine& line, const Options& options, WallTime now);

}  // namespace bellhop
