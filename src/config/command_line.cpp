#include "config/command_line.h"

#include <getopt.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "config/duration.h"

namespace bellhop {
namespace {

using Action = CommandLine::Action;

struct Flag {
  const char* name;
  const char* value;  // nullptr: takes none
  const char* sentence;
  /// Says what is wrong with the value; empty: nothing.
  std::string_view (*apply)(CommandLine& line, const char* value);
};

template <Action action>
std::string_view choose(CommandLine& line, const char*) {
  line.action = action;
  return {};
}

template <auto member>
std::string_view set(CommandLine& line, const char* value) {
  line.*member = value;
  return {};
}

std::string_view set_demo(CommandLine& line, const char*) {
  line.demo = true;
  return {};
}

std::string_view set_expiry(CommandLine& line, const char* value) {
  return parse_duration(value, line.expires_in.emplace())
             ? ""
             : "write a whole number above 0 and s, m, h or d, such as 30d";
}

/// It stands in the log, in JSON and in metrics, as it is.
std::string_view set_degraded(CommandLine& line, const char* value) {
  constexpr std::size_t kLongest = 600;
  line.degraded = value;
  const bool good = !line.degraded.empty() && line.degraded.size() <= kLongest &&
                    std::all_of(line.degraded.begin(), line.degraded.end(),
                                [](char c) { return c >= ' ' && c <= '~'; });
  return good ? "" : "write a reason, of at most 600 printable ASCII characters";
}

constexpr Flag kConfig{"config", "FILE", "read options from this TOML file",
                       set<&CommandLine::config_file>};
constexpr Flag kState{"state", "DIR", "folder for the database, keys and the certificate",
                      set<&CommandLine::state_directory>};
constexpr Flag kHelp{"help", nullptr, "print this and stop", choose<Action::help>};

constexpr std::array kFlags{
    kConfig,
    Flag{"listen", "ADDR:PORT", "plain listener; port 0 takes any free one; \"\" turns it off",
         set<&CommandLine::listen>},
    Flag{"tls-listen", "ADDR:PORT", "TLS listener; \"\" turns it off",
         set<&CommandLine::tls_listen>},
    kState,
    Flag{"log-level", "LEVEL", "debug, info, warn or error", set<&CommandLine::log_level>},
    Flag{"watchdog", "DEVICE",
         "feed this hardware watchdog, such as /dev/watchdog; \"\" turns it off",
         set<&CommandLine::watchdog>},
    Flag{"degraded", "REASON", "the machine is not whole: serve, but be not ready and say why",
         set_degraded},
    Flag{"demo", nullptr, "try it out: a temporary state folder, this machine pushes without a key",
         set_demo},
    Flag{"check-config", nullptr, "check the options and stop", choose<Action::check_config>},
    Flag{"print-defaults", nullptr, "print a commented file of all options and stop",
         choose<Action::print_defaults>},
    Flag{"version", nullptr, "print the version and stop", choose<Action::version>},
    kHelp,
};

constexpr std::array kAddFlags{
    Flag{"user", "ID", "whose token it is", set<&CommandLine::user>},
    Flag{"name", "TEXT", "the user's name, as people see it", set<&CommandLine::name>},
    Flag{"expires-in", "SPAN", "a number and s, m, h or d, such as 30d; else it never expires",
         set_expiry},
    Flag{"id", "WORD", "name the token, to revoke it by; else one is made",
         set<&CommandLine::token_id>},
    kConfig,
    kState,
    kHelp,
};

constexpr std::array kOtherTokenFlags{kConfig, kState, kHelp};

constexpr std::array kClockFlags{
    Flag{"rtc", "DEVICE", "the clock that has a battery, /dev/rtc0 if not said",
         set<&CommandLine::rtc>},
    kHelp,
};

struct Command {
  std::string_view name;
  const char* argument;  // nullptr: takes none
  const char* sentence;
  Action action;
  std::span<const Flag> flags;
  std::string CommandLine::*value = nullptr;  // where the argument goes
};

constexpr Command kTokenCommands[] = {
    {"add", nullptr, "register a token and print it: nobody can print it again", Action::token_add,
     kAddFlags},
    {"list", nullptr, "list the registered tokens, without themselves", Action::token_list,
     kOtherTokenFlags},
    {"revoke", "ID", "make a token worthless, and end its connections", Action::token_revoke,
     kOtherTokenFlags, &CommandLine::token_id},
};

constexpr Command kClockCommands[] = {
    {"restore", "FILE", "set it to the latest of the RTC, the time in FILE and the release date",
     Action::clock_restore, kClockFlags, &CommandLine::clock_file},
    {"save", "FILE", "write its time to FILE, and to the RTC", Action::clock_save, kClockFlags,
     &CommandLine::clock_file},
};

struct CommandGroup {
  std::string_view name;
  const char* choices;
  const char* heading;
  std::span<const Command> commands;
  const char* flags_heading;
  std::span<const Flag> flags;  // those of its first command
};

constexpr CommandGroup kGroups[] = {
    {"token", "add, list or revoke",
     "Tokens, by which terminals and pages are known as users; also while bellhop serves:",
     kTokenCommands,
     "bellhop token add takes these, the others --config and --state alone:", kAddFlags},
    {"clock", "restore or save", "The clock of a box without internet, for its init scripts:",
     kClockCommands, "Both take:", kClockFlags},
};

/// The zeroed last entry ends the list for getopt_long; a flag's code is its place.
std::vector<option> getopt_table(std::span<const Flag> flags) {
  std::vector<option> table;
  for (const Flag& flag : flags) {
    const int takes_value = flag.value == nullptr ? no_argument : required_argument;
    table.push_back({flag.name, takes_value, nullptr, static_cast<int>(table.size())});
  }
  table.push_back({});
  return table;
}

bool fail(std::string& error, std::string_view reason, std::string_view argument) {
  error.assign(reason).append(" ").append(argument).append("; see --help");
  return false;
}

/// Reads the flags behind argv[0]; optind is then at the first other argument.
bool parse_flags(int argc, char* const* argv, std::span<const Flag> flags, CommandLine& line,
                 std::string& error) {
  const auto table = getopt_table(flags);
  optind = 0;  // glibc: start afresh, so that tests can call this again
  opterr = 0;
  for (;;) {
    const int code = getopt_long(argc, argv, ":", table.data(), nullptr);
    if (code == -1) return true;
    if (code == ':') return fail(error, "a value is missing after", argv[optind - 1]);
    if (code == '?' && optopt != 0 && optopt < 256 && argv[optind - 1][1] == '-') {
      return fail(error, "no value is expected by", argv[optind - 1]);
    }
    if (code == '?') return fail(error, "unknown flag", argv[optind - 1]);
    const Flag& flag = flags[static_cast<std::size_t>(code)];
    const std::string_view fault = flag.apply(line, optarg);
    if (fault.empty()) continue;
    error = std::string("--") + flag.name + ": \"" + optarg + "\": " + std::string(fault);
    return false;
  }
}

/// The words behind `bellhop GROUP`.
bool parse_command(const CommandGroup& group, int argc, char* const* argv, CommandLine& line,
                   std::string& error) {
  const std::string_view word = argc > 0 ? argv[0] : "";
  if (word == "--help") {
    line.action = Action::help;
    return true;
  }
  const auto command = std::find_if(group.commands.begin(), group.commands.end(),
                                    [&](const Command& known) { return known.name == word; });
  if (command == group.commands.end()) {
    return fail(error, "bellhop " + std::string(group.name) + " takes " + group.choices + ", not",
                "\"" + std::string(word) + "\"");
  }
  line.action = command->action;
  if (!parse_flags(argc, argv, command->flags, line, error)) return false;
  if (line.action == Action::help) return true;
  if (command->value != nullptr) {
    if (optind == argc) return fail(error, "a value is missing after", command->name);
    line.*command->value = argv[optind++];
  }
  if (line.action == Action::token_add && line.user.empty()) {
    return fail(error, "bellhop token add needs", "--user");
  }
  return optind == argc || fail(error, "unexpected argument", argv[optind]);
}

void append_row(std::string& text, std::string name, std::string_view sentence) {
  constexpr std::size_t kColumn = 29;
  name.resize(std::max(kColumn, name.size() + 1), ' ');
  text.append(name).append(sentence).append("\n");
}

void append_flags(std::string& text, std::span<const Flag> flags) {
  for (const Flag& flag : flags) {
    std::string name = std::string("  --") + flag.name;
    if (flag.value != nullptr) name.append(" ").append(flag.value);
    append_row(text, std::move(name), flag.sentence);
  }
}

}  // namespace

bool parse_command_line(int argc, char* const* argv, CommandLine& line, std::string& error) {
  for (const CommandGroup& group : kGroups) {
    if (argc > 1 && group.name == argv[1]) {
      return parse_command(group, argc - 2, argv + 2, line, error);
    }
  }
  if (!parse_flags(argc, argv, kFlags, line, error)) return false;
  return optind == argc || fail(error, "unexpected argument", argv[optind]);
}

std::string usage_text() {
  std::string text = "usage: bellhop [--config FILE] [flags]\n\n";
  append_flags(text, kFlags);
  text += "\nFlags override the file. SIGHUP reads keys and certificates again, SIGTERM stops.\n";
  for (const CommandGroup& group : kGroups) {
    text.append("\n").append(group.heading).append("\n");
    for (const Command& command : group.commands) {
      std::string name = "  bellhop " + std::string(group.name) + " " + std::string(command.name);
      if (command.argument != nullptr) name.append(" ").append(command.argument);
      append_row(text, std::move(name), command.sentence);
    }
    text.append("\n").append(group.flags_heading).append("\n");
    append_flags(text, group.flags);
  }
  return text;
}

}  // namespace bellhop
