#pragma once
#include <string>

#include "config/command_line.h"
#include "config/options.h"

namespace bellhop {

/// What --demo changes: a state folder that is gone afterwards, this machine only, and pushes from
/// it need no key.
class DemoState {
 public:
  DemoState() = default;
  ~DemoState();
  DemoState(const DemoState&) = delete;
  DemoState& operator=(const DemoState&) = delete;

  /// Makes the folder and adapts `options`; flags win.
  [[nodiscard]] bool open(const CommandLine& command_line, Options& options, std::string& error);

 private:
  std::string directory_;  ///< empty: --state named one, which stays
};

/// What to click and what to type, on stderr: stdout has the ready line alone.
void print_demo_guide(const std::string& address);

}  // namespace bellhop
