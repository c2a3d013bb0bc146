#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/instant.h"
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

struct DemoUser {
  std::string id;
  std::string name;
  std::string token;
};

/// Registers the users 1, 2 and 3, each with a new token in place of the one of an earlier demo in
/// the same state folder, which must be there. Before the program opens its database.
[[nodiscard]] bool register_demo_users(const Options& options, WallTime now,
                                       std::vector<DemoUser>& users, std::string& error);

struct DemoGuide {
  std::string address;
  std::string terminals_path;
  std::string admin_key_file;
  std::span<const DemoUser> users;
};

/// What to click and what to type, on stderr: stdout has the ready line alone.
void print_demo_guide(const DemoGuide& guide);

}  // namespace bellhop
