#include "config/command_line.h"

#include <initializer_list>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(CommandLine) {
  bool parse(std::initializer_list<const char*> flags) {
    std::vector<std::string> words{"bellhop"};
    words.insert(words.end(), flags.begin(), flags.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    line_ = {};
    error_.clear();
    return parse_command_line(static_cast<int>(words.size()), argv.data(), line_, error_);
  }

  CommandLine line_;
  std::string error_;
};

TEST(CommandLine, NoFlagsMeansRun) {
  CHECK(parse({}));
  CHECK(line_.action == CommandLine::Action::run);
  CHECK(line_.config_file.empty());
  CHECK_FALSE(line_.listen.has_value());
  CHECK_FALSE(line_.demo);
}

TEST(CommandLine, TakesEveryFlag) {
  CHECK(parse({"--config", "f.toml", "--listen=127.0.0.1:0", "--tls-listen", "off", "--state", "/s",
               "--log-level", "debug", "--demo", "--check-config"}));
  STRCMP_EQUAL("f.toml", line_.config_file.c_str());
  STRCMP_EQUAL("127.0.0.1:0", line_.listen.value_or("").c_str());
  STRCMP_EQUAL("off", line_.tls_listen.value_or("").c_str());
  STRCMP_EQUAL("/s", line_.state_directory.value_or("").c_str());
  STRCMP_EQUAL("debug", line_.log_level.value_or("").c_str());
  CHECK(line_.demo);
  CHECK(line_.action == CommandLine::Action::check_config);
}

TEST(CommandLine, TakesWhatIsToBeKnownOfTheMachine) {
  CHECK(parse({"--watchdog", "/dev/watchdog", "--degraded", "no data partition"}));
  STRCMP_EQUAL("/dev/watchdog", line_.watchdog.value_or("").c_str());
  STRCMP_EQUAL("no data partition", line_.degraded.c_str());
  CHECK(parse({}));
  CHECK_FALSE(line_.watchdog.has_value());
  CHECK(line_.degraded.empty());
  for (const std::string& reason :
       {std::string(), std::string(601, 'x'), std::string("a\nb"), std::string("\xe6\x95\xb0")}) {
    CHECK_FALSE(parse({"--degraded", reason.c_str()}));
    CHECK_TEXT(error_.find("--degraded: ") == 0, error_.c_str());
  }
  CHECK(parse({"--degraded", std::string(600, 'x').c_str()}));
}

TEST(CommandLine, TakesTheClockCommands) {
  CHECK(parse({"clock", "restore", "/data/clock"}));
  CHECK(line_.action == CommandLine::Action::clock_restore);
  STRCMP_EQUAL("/data/clock", line_.clock_file.c_str());
  STRCMP_EQUAL("/dev/rtc0", line_.rtc.c_str());
  CHECK(parse({"clock", "save", "--rtc", "/dev/rtc1", "/data/clock"}));
  CHECK(line_.action == CommandLine::Action::clock_save);
  STRCMP_EQUAL("/data/clock", line_.clock_file.c_str());
  STRCMP_EQUAL("/dev/rtc1", line_.rtc.c_str());
  for (const auto& words :
       {std::initializer_list<const char*>{"clock", "--help"}, {"clock", "save", "--help"}}) {
    CHECK(parse(words));
    CHECK(line_.action == CommandLine::Action::help);
  }
}

TEST(CommandLine, TakesTheOtherActions) {
  CHECK(parse({"--print-defaults"}));
  CHECK(line_.action == CommandLine::Action::print_defaults);
  CHECK(parse({"--version"}));
  CHECK(line_.action == CommandLine::Action::version);
  CHECK(parse({"--help"}));
  CHECK(line_.action == CommandLine::Action::help);
}

TEST(CommandLine, NamesWhatItDoesNotKnow) {
  CHECK_FALSE(parse({"--lisen", "x"}));
  STRCMP_EQUAL("unknown flag --lisen; see --help", error_.c_str());
  CHECK_FALSE(parse({"-x"}));
  STRCMP_EQUAL("unknown flag -x; see --help", error_.c_str());
  CHECK_FALSE(parse({"--config"}));
  STRCMP_EQUAL("a value is missing after --config; see --help", error_.c_str());
  CHECK_FALSE(parse({"--demo=yes"}));
  STRCMP_EQUAL("no value is expected by --demo=yes; see --help", error_.c_str());
  CHECK_FALSE(parse({"--demo", "stray"}));
  STRCMP_EQUAL("unexpected argument stray; see --help", error_.c_str());
}

TEST(CommandLine, TakesTheTokenCommands) {
  CHECK(parse({"token", "add", "--user", "1", "--name=甲", "--expires-in", "30d", "--id", "k1",
               "--config", "f.toml", "--state", "/s"}));
  CHECK(line_.action == CommandLine::Action::token_add);
  STRCMP_EQUAL("1", line_.user.c_str());
  STRCMP_EQUAL("甲", line_.name.c_str());
  STRCMP_EQUAL("k1", line_.token_id.c_str());
  CHECK(line_.expires_in == Duration{std::int64_t{30} * 86400000});
  STRCMP_EQUAL("f.toml", line_.config_file.c_str());
  STRCMP_EQUAL("/s", line_.state_directory.value_or("").c_str());
  CHECK(parse({"token", "list", "--state", "/s"}));
  CHECK(line_.action == CommandLine::Action::token_list);
  CHECK(parse({"token", "revoke", "--state", "/s", "k1"}));
  CHECK(line_.action == CommandLine::Action::token_revoke);
  STRCMP_EQUAL("k1", line_.token_id.c_str());
  CHECK(parse({"token", "revoke", "k1", "--state", "/s"}));
  STRCMP_EQUAL("k1", line_.token_id.c_str());
  for (const char* command : {"add", "list", "revoke"}) {
    CHECK(parse({"token", command, "--help"}));
    CHECK(line_.action == CommandLine::Action::help);
  }
  CHECK(parse({"token", "--help"}));
  CHECK(line_.action == CommandLine::Action::help);
}

TEST(CommandLine, NamesWhatIsWrongWithACommand) {
  struct Row {
    std::initializer_list<const char*> words;
    const char* error;
  };
  for (const Row& row :
       {Row{{"token"}, "bellhop token takes add, list or revoke, not \"\"; see --help"},
        Row{{"token", "ad"}, "bellhop token takes add, list or revoke, not \"ad\"; see --help"},
        Row{{"token", "add"}, "bellhop token add needs --user; see --help"},
        Row{{"token", "add", "--user"}, "a value is missing after --user; see --help"},
        Row{{"token", "add", "--user", "1", "x"}, "unexpected argument x; see --help"},
        Row{{"token", "add", "--user", "1", "--demo"}, "unknown flag --demo; see --help"},
        Row{{"token", "add", "--user", "1", "--expires-in", "3w"},
            "--expires-in: \"3w\": write a whole number above 0 and s, m, h or d, such as 30d"},
        Row{{"token", "list", "x"}, "unexpected argument x; see --help"},
        Row{{"token", "list", "--user", "1"}, "unknown flag --user; see --help"},
        Row{{"token", "revoke"}, "a value is missing after revoke; see --help"},
        Row{{"token", "revoke", "a", "b"}, "unexpected argument b; see --help"},
        Row{{"clock"}, "bellhop clock takes restore or save, not \"\"; see --help"},
        Row{{"clock", "set", "f"}, "bellhop clock takes restore or save, not \"set\"; see --help"},
        Row{{"clock", "restore"}, "a value is missing after restore; see --help"},
        Row{{"clock", "save", "f", "g"}, "unexpected argument g; see --help"},
        Row{{"clock", "save", "f", "--state", "s"}, "unknown flag --state; see --help"}}) {
    CHECK_FALSE(parse(row.words));
    STRCMP_EQUAL(row.error, error_.c_str());
  }
}

TEST(CommandLine, HelpNamesEveryFlag) {
  const std::string text = usage_text();
  for (const char* flag : {"--config FILE",     "--listen ADDR:PORT",
                           "--tls-listen",      "--state DIR",
                           "--log-level",       "--demo",
                           "--check-config",    "--print-defaults",
                           "--version",         "--help",
                           "token add",         "token list",
                           "token revoke ID",   "--watchdog DEVICE",
                           "--degraded REASON", "clock restore FILE",
                           "clock save FILE",   "--rtc DEVICE",
                           "--user ID",         "--name TEXT",
                           "--expires-in SPAN", "--id WORD"}) {
    CHECK_TEXT(text.find(flag) != std::string::npos, flag);
  }
}
