#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/instant.h"

namespace bellhop {

/// What the flags say. Values of options are syntax-checked by load_options(), not here.
struct CommandLine {
  enum class Action : std::uint8_t {
    run,
    check_config,
    print_defaults,
    version,
    help,
    token_add,
    token_list,
    token_revoke,
    clock_restore,
    clock_save,
  };

  Action action = Action::run;
  std::string config_file;                     // --config; empty: defaults only
  std::optional<std::string> listen;           // --listen, over listen.plain; "off" turns it off
  std::optional<std::string> tls_listen;       // --tls-listen, over listen.tls; "off" likewise
  std::optional<std::string> state_directory;  // --state, over state.directory
  std::optional<std::string> log_level;        // --log-level, over log.level
  std::optional<std::string> watchdog;         // --watchdog, over watchdog.device; "off" likewise
  bool demo = false;                           // --demo
  std::string degraded;                        // --degraded; empty: the machine is whole

  // Of `bellhop token ...`
  std::string token_id;                // add --id ("": one is made), revoke ID
  std::string user;                    // add --user
  std::string name;                    // add --name
  std::optional<Duration> expires_in;  // add --expires-in

  // Of `bellhop clock ...`
  std::string clock_file;         // restore FILE, save FILE
  std::string rtc = "/dev/rtc0";  // --rtc
};

/// `bellhop [flags]`, `bellhop token add|list|revoke [flags]`, `bellhop clock restore|save FILE`.
/// False, with one line in `error`, for an unknown flag or command, a missing value or a stray
/// argument; the caller then exits 78 (EX_CONFIG). Uses getopt_long and so is not reentrant.
[[nodiscard]] bool parse_command_line(int argc, char* const* argv, CommandLine& line,
                                      std::string& error);

/// The text of --help.
[[nodiscard]] std::string usage_text();

}  // namespace bellhop
