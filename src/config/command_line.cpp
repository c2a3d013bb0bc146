#include "config/command_line.h"

#include <getopt.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace bellhop {
namespace {

struct Flag {
  const char* name;
  const char* value;  // nullptr: takes none
  const char* sentence;
  void (*apply)(CommandLine& line, const char* value);
};

void choose(CommandLine& line, CommandLine::Action action) {
  line.action = action;
}

constexpr std::array kFlags{
    Flag{"config", "FILE", "read options from this TOML file",
         [](CommandLine& l, const char* v) { l.config_file = v; }},
    Flag{"listen", "ADDR:PORT", "plain listener; port 0 takes any free one; \"\" turns it off",
         [](CommandLine& l, const char* v) { l.listen = v; }},
    Flag{"tls-listen", "ADDR:PORT", "TLS listener; \"\" turns it off",
         [](CommandLine& l, const char* v) { l.tls_listen = v; }},
    Flag{"state", "DIR", "folder for the database, keys and the certificate",
         [](CommandLine& l, const char* v) { l.state_directory = v; }},
    Flag{"log-level", "LEVEL", "debug, info, warn or error",
         [](CommandLine& l, const char* v) { l.log_level = v; }},
    Flag{"demo", nullptr, "try it out: a temporary state folder, this machine pushes without a key",
         [](CommandLine& l, const char*) { l.demo = true; }},
    Flag{"check-config", nullptr, "check the options and stop",
         [](CommandLine& l, const char*) { choose(l, CommandLine::Action::check_config); }},
    Flag{"print-defaults", nullptr, "print a commented file of all options and stop",
         [](CommandLine& l, const char*) { choose(l, CommandLine::Action::print_defaults); }},
    Flag{"version", nullptr, "print the version and stop",
         [](CommandLine& l, const char*) { choose(l, CommandLine::Action::version); }},
    Flag{"help", nullptr, "print this and stop",
         [](CommandLine& l, const char*) { choose(l, CommandLine::Action::help); }},
};

/// The zeroed last entry ends the list for getopt_long; a flag's code is its place.
std::array<option, kFlags.size() + 1> getopt_table() {
  std::array<option, kFlags.size() + 1> table{};
  for (std::size_t i = 0; i < kFlags.size(); ++i) {
    const int takes_value = kFlags[i].value == nullptr ? no_argument : required_argument;
    table[i] = {kFlags[i].name, takes_value, nullptr, static_cast<int>(i)};
  }
  return table;
}

bool fail(std::string& error, std::string_view reason, const char* argument) {
  error.assign(reason).append(" ").append(argument).append("; see --help");
  return false;
}

}  // namespace

bool parse_command_line(int argc, char* const* argv, CommandLine& line, std::string& error) {
  const auto table = getopt_table();
  optind = 0;  // glibc: start afresh, so that tests can call this again
  opterr = 0;
  for (;;) {
    const int code = getopt_long(argc, argv, ":", table.data(), nullptr);
    if (code == -1) break;
    if (code == ':') return fail(error, "a value is missing after", argv[optind - 1]);
    if (code == '?' && optopt != 0 && optopt < 256 && argv[optind - 1][1] == '-') {
      return fail(error, "no value is expected by", argv[optind - 1]);
    }
    if (code == '?') return fail(error, "unknown flag", argv[optind - 1]);
    kFlags[static_cast<std::size_t>(code)].apply(line, optarg);
  }
  if (optind < argc) return fail(error, "unexpected argument", argv[optind]);
  return true;
}

std::string usage_text() {
  constexpr std::size_t kColumn = 26;
  std::string text = "usage: bellhop [--config FILE] [flags]\n\n";
  for (const Flag& flag : kFlags) {
    std::string name = std::string("  --") + flag.name;
    if (flag.value != nullptr) name.append(" ").append(flag.value);
    name.resize(std::max(kColumn, name.size() + 1), ' ');
    text.append(name).append(flag.sentence).append("\n");
  }
  text += "\nFlags override the file. SIGHUP reads keys and certificates again, SIGTERM stops.\n";
  return text;
}

}  // namespace bellhop
