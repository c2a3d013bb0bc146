// Parse the flags, load the configuration, build the objects, run the loop.
#include <sysexits.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "clock_command.h"
#include "config/command_line.h"
#include "config/load.h"
#include "demo.h"
#include "platform/files.h"
#include "platform/identity.h"
#include "platform/linux_watchdog.h"
#include "platform/signals.h"
#include "platform/system.h"
#include "program.h"
#include "state_files.h"
#include "token_command.h"

namespace bellhop {
namespace {

int complain(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  if (!text.ends_with('\n')) std::fputc('\n', stderr);
  return EX_CONFIG;
}

int serve(const CommandLine& command_line, const Options& options) {
  LinuxWatchdog watchdog;
  System system(watchdog);
  Identity identity;
  std::string error;
  if (!open_identity(identity_files(options), !options.listen.tls.empty(),
                     system.clock().wall_now(), identity, error)) {
    return complain(error);
  }
  if (!lock_directory(options.state.directory, error)) return complain(error);
  std::vector<DemoUser> users;
  if (command_line.demo && !register_demo_users(options, system.clock().wall_now(), users, error)) {
    return complain(error);
  }
  const std::string admin_key = identity.admin_key;
  const auto program =
      std::make_unique<Program>(command_line, options, std::move(identity), system);
  if (!program->start(error)) return complain(error);
  std::printf("ready %s\n", program->address().c_str());
  std::fflush(stdout);
  if (command_line.demo) {
    print_demo_guide({program->address(), options.paths.terminals, admin_key, users});
  }
  program->run();
  return EX_OK;
}

int run(int argc, char** argv) {
  Signals::failed_writes_are_errors();
  CommandLine command_line;
  std::string error;
  if (!parse_command_line(argc, argv, command_line, error)) return complain(error);
  switch (command_line.action) {
    case CommandLine::Action::help:
      std::fputs(usage_text().c_str(), stdout);
      return EX_OK;
    case CommandLine::Action::version:
      std::puts("bellhop " BELLHOP_VERSION);
      return EX_OK;
    case CommandLine::Action::clock_restore:
    case CommandLine::Action::clock_save:
      return run_clock_command(command_line);
    case CommandLine::Action::print_defaults:
      std::fputs(print_defaults().c_str(), stdout);
      return EX_OK;
    default:
      break;
  }
  Options options;
  if (!load_options(command_line, options, error)) return complain(error);
  if (command_line.action == CommandLine::Action::check_config) {
    std::puts("configuration is good");
    return EX_OK;
  }
  if (command_line.action != CommandLine::Action::run) {
    return run_token_command(command_line, options, SystemClock().wall_now());
  }
  LogLevel level = LogLevel::info;
  if (parse_log_level(options.log.level, level)) log_set_level(level);
  if (!command_line.demo) return serve(command_line, options);
  DemoState demo;
  if (!demo.open(command_line, options, error)) return complain(error);
  return serve(command_line, options);
}

}  // namespace
}  // namespace bellhop

int main(int argc, char** argv) {
  return bellhop::run(argc, argv);
}
