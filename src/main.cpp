// Parse the flags, load the configuration, build the objects, run the loop.
#include <sysexits.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>
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

/// `: http 0.0.0.0:8080, https 0.0.0.0:8443`: who listens where.
std::string listeners_text(const Options::Listen& listen) {
  std::string text;
  const auto add = [&text](const char* scheme, const std::string& address) {
    if (address.empty()) return;
    text += text.empty() ? ": " : ", ";
    text += std::string(scheme) + " " + address;
  };
  add("http", listen.plain);
  add("https", listen.tls);
  return text;
}

/// While the tables are made (none is later): one that does not fit is a mistake in the options.
[[noreturn]] void tables_do_not_fit() {
  std::fputs("the tables that [limits] asks for do not fit into the memory there is\n", stderr);
  std::_Exit(EX_CONFIG);
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
  std::set_new_handler(tables_do_not_fit);
  const auto program =
      std::make_unique<Program>(command_line, options, std::move(identity), system);
  std::set_new_handler(nullptr);
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
    std::puts(("configuration is good" + listeners_text(options.listen)).c_str());
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
