#include "config/load.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(Load) {
  bool load(const std::string& text) {
    options_ = {};
    errors_.clear();
    return parse_options_text(text, "f.toml", options_, errors_);
  }

  /// Expects exactly these errors.
  void refuses(const std::string& text, const std::string& errors) {
    CHECK_FALSE_TEXT(load(text), text.c_str());
    STRCMP_EQUAL(errors.c_str(), errors_.c_str());
  }

  /// Expects errors that start so.
  void refuses_with(const std::string& text, const std::string& start) {
    CHECK_FALSE_TEXT(load(text), text.c_str());
    STRCMP_EQUAL(start.c_str(), errors_.substr(0, start.size()).c_str());
  }

  Options options_;
  std::string errors_;
};

TEST(Load, AnEmptyFileIsTheDefaults) {
  CHECK(load(""));
  STRCMP_EQUAL("0.0.0.0:8080", options_.listen.plain.c_str());
  CHECK_EQUAL(1024u, options_.limits.sessions);
}

TEST(Load, PrintedDefaultsReadBackToThemselves) {
  const std::string text = print_defaults();
  CHECK(load(text));
  Options defaults;
  for (const OptionDescription& option : option_descriptions()) {
    if (option.integer != nullptr) {
      CHECK_EQUAL(option.integer(defaults), option.integer(options_));
    } else if (option.text != nullptr) {
      CHECK(option.text(defaults) == option.text(options_));
    } else {
      CHECK(option.list(defaults) == option.list(options_));
    }
  }
}

TEST(Load, PrintedDefaultsNameEveryOptionWithItsWords) {
  const std::string text = print_defaults();
  for (const OptionDescription& option : option_descriptions()) {
    const std::string section = "\n[" + std::string(option.section) + "]\n";
    const std::string key = "\n" + std::string(option.key) + " = ";
    CHECK(text.find(section) != std::string::npos);
    CHECK(text.find(section, text.find(section) + 1) == std::string::npos);
    CHECK(text.find(key, text.find(section)) != std::string::npos);
    CHECK(option.sentence.ends_with('.'));
  }
}

TEST(Load, EveryOptionHasOneAccessorAndADefaultInItsBounds) {
  Options defaults;
  for (const OptionDescription& option : option_descriptions()) {
    const int accessors =
        (option.integer != nullptr) + (option.text != nullptr) + (option.list != nullptr);
    CHECK_EQUAL(1, accessors);
    CHECK_EQUAL(option.type == OptionType::integer, option.integer != nullptr);
    if (option.integer == nullptr) continue;
    CHECK(option.integer(defaults) >= option.min);
    CHECK(option.integer(defaults) <= option.max);
  }
}

TEST(Load, EveryBoundIsCheckedAtItsPlace) {
  for (const OptionDescription& option : option_descriptions()) {
    if (option.integer == nullptr) continue;
    const std::string key(option.key);
    const std::string name = std::string(option.section) + "." + key;
    const std::string head = "[" + std::string(option.section) + "]\n\n " + key + " = ";
    const std::string place = "f.toml:3:" + std::to_string(key.size() + 5) + ": " + name + " = ";
    for (const std::int64_t value :
         {std::int64_t{option.min} - 1, std::int64_t{option.max} + 1, INT64_MIN, INT64_MAX}) {
      const std::string number = std::to_string(value);
      refuses_with(head + number, place + number +
                                      " is out of range: " + std::to_string(option.min) + " to " +
                                      std::to_string(option.max));
      CHECK(errors_.find('\n') == std::string::npos);
    }
  }
}

TEST(Load, ReadsEveryKindOfValue) {
  CHECK(
      load("[listen]\nplain = ''\ntls = '127.0.0.1:0'\n[limits]\nrooms = 7\n"
           "[http]\norigins = ['https://a.example', 'http://b:81']\n"
           "[push]\ntrusted_addresses = ['10.0.0.0/8']\nkey_file = '/k'\n"
           "[log]\nlevel = 'debug'\n"));
  CHECK(options_.listen.plain.empty());
  STRCMP_EQUAL("127.0.0.1:0", options_.listen.tls.c_str());
  CHECK_EQUAL(7u, options_.limits.rooms);
  CHECK_EQUAL(2u, options_.http.origins.size());
  STRCMP_EQUAL("http://b:81", options_.http.origins[1].c_str());
  STRCMP_EQUAL("10.0.0.0/8", options_.push.trusted_addresses[0].c_str());
  STRCMP_EQUAL("/k", options_.push.key_file.c_str());
  STRCMP_EQUAL("debug", options_.log.level.c_str());
}

TEST(Load, UnknownNamesComeWithAHint) {
  refuses("[limits]\nsesions = 1\n",
          "f.toml:2:1: unknown option limits.sesions (did you mean sessions?)");
  refuses("[limits]\nlevel = 'info'\n",
          "f.toml:2:1: unknown option limits.level (it belongs into [log])");
  refuses("[limits]\nzzzzzzzz = 1\n", "f.toml:2:1: unknown option limits.zzzzzzzz");
  refuses("[limit]\nrooms = 1\n", "f.toml:1:2: unknown section [limit] (did you mean limits?)");
  refuses("rooms = 1\n",
          "f.toml:1:1: unknown option rooms outside of any section (it belongs into [limits])");
  refuses("limits = 1\n", "f.toml:1:10: limits is a section: write [limits]");
}

TEST(Load, WrongTypesAreNamed) {
  refuses("[limits]\nrooms = '9'\n", "f.toml:2:9: limits.rooms must be a whole number, not a text");
  refuses("[limits]\nrooms = 9.0\n",
          "f.toml:2:9: limits.rooms must be a whole number, not a number with a fraction");
  refuses("[log]\nlevel = 3\n",
          "f.toml:2:9: log.level must be a text in quotes, not a whole number");
  refuses("[http]\norigins = 'http://a'\n",
          "f.toml:2:11: http.origins must be a list of texts, not a text");
  refuses("[http]\norigins = ['http://a', true]\n",
          "f.toml:2:24: http.origins must be a list of texts, not true or false");
}

TEST(Load, WrongTextsAreExplained) {
  refuses_with("[listen]\nplain = 'localhost:1'\n", "f.toml:2:9: listen.plain = \"localhost:1\": ");
  refuses_with("[paths]\npush = 'push'\n", "f.toml:2:8: paths.push = \"push\": ");
  refuses_with("[paths]\npush = '/a b'\n", "f.toml:2:8: paths.push = \"/a b\": ");
  refuses_with("[paths]\npush = '/a/../b'\n", "f.toml:2:8: paths.push = \"/a/../b\": ");
  refuses_with("[state]\ndirectory = ''\n", "f.toml:2:13: state.directory = \"\": ");
  refuses_with("[log]\nlevel = 'loud'\n", "f.toml:2:9: log.level = \"loud\": ");
  refuses_with("[http]\norigins = [\n 'http://a/',\n]\n",
               "f.toml:3:2: http.origins = \"http://a/\": ");
  refuses_with("[push]\ntrusted_addresses = ['10.0.0.0/40']\n",
               "f.toml:2:22: push.trusted_addresses = \"10.0.0.0/40\": ");
}

TEST(Load, EveryErrorIsReportedInTheOrderOfTheFile) {
  refuses("[store]\nflush_interval_ms = 1\n[limits]\nroom = 1\njson_depth = 0\n",
          "f.toml:2:21: store.flush_interval_ms = 1 is out of range: 10 to 60000 ms\n"
          "f.toml:4:1: unknown option limits.room (did you mean rooms?)\n"
          "f.toml:5:14: limits.json_depth = 0 is out of range: 4 to 128 levels");
}

TEST(Load, ABrokenFileIsNamedAtItsPlace) {
  refuses_with("[limits]\nrooms = \n", "f.toml:2:");
  refuses_with("[limits]\nrooms = 1\nrooms = 2\n", "f.toml:3:");
  refuses_with("[limits]\nrooms = 1\n[limits]\n", "f.toml:3:");
  refuses_with("\xff\xfe", "f.toml:1:");
}

TEST(Load, RelationsAreCheckedFromBothSides) {
  refuses("[limits]\nsessions = 1537\n",
          "f.toml:2:12: limits.sessions = 1537 is more than limits.connections = 1536 (the "
          "default): every session needs a socket");
  refuses("[limits]\nconnections = 1023\n",
          "f.toml:2:15: limits.sessions = 1024 (the default) is more than limits.connections = "
          "1023: every session needs a socket");
  refuses_with("[limits]\nmemberships = 1023\n",
               "f.toml:2:15: limits.sessions = 1024 (the default)");
  refuses_with("[limits]\nrooms = 5000\n", "f.toml:2:9: limits.rooms = 5000 is more than");
  refuses_with("[limits]\ntls_connections = 2000\n", "f.toml:2:19: limits.tls_connections = 2000");
  refuses_with("[limits]\nconnections_per_address = 2000\n", "f.toml:2:27: ");
  refuses_with("[limits]\nbody_bytes = 1000\n", "f.toml:2:14: limits.body_bytes_unauthorised");
  refuses_with("[limits]\nmessage_bytes = 300000\n", "f.toml:2:17: limits.message_bytes = 300000");
  refuses_with("[limits]\nqueue_bytes = 5000\n", "f.toml:2:15: limits.message_bytes = 65536");
  CHECK(load("[limits]\nsessions = 1536\nconnections = 1536\nmemberships = 1536\n"));
}

TEST(Load, ListenersPathsOriginsAndCertificatesMustFit) {
  refuses_with("[listen]\nplain = ''\ntls = ''\n", "f.toml:3:7: both listeners are off");
  refuses_with("[listen]\nplain = '0.0.0.0:8443'\n", "f.toml:2:9: listen.plain and listen.tls");
  CHECK(load("[listen]\nplain = '127.0.0.1:0'\ntls = '127.0.0.1:0'\n"));
  refuses_with("[paths]\nsocketio = '/x'\n", "f.toml:2:12: paths.socketio must end in '/'");
  refuses_with("[paths]\nsocketio = '/'\n", "f.toml:2:12: paths.push lies below paths.socketio");
  refuses_with("[paths]\npush = '/socket.io/push'\n", "f.toml:2:8: paths.push lies below");
  refuses_with("[paths]\npush = '/api/v1/push'\n", "f.toml:2:8: /api is Bellhop's own");
  CHECK(load("[paths]\npush = '/apiary'\nsocketio = '/engine.io/'\n"));
  refuses_with("[http]\norigins = ['*', 'http://a']\n", "f.toml:2:11: http.origins: \"*\" must");
  CHECK(load("[http]\norigins = ['*']\n"));
  refuses_with("[tls]\nkey_file = '/k'\n", "f.toml:2:12: tls.certificate_file and tls.key_file");
}

TEST(Load, FlagsOverrideTheFile) {
  CommandLine line;
  line.listen = "127.0.0.1:0";
  line.tls_listen = "off";
  line.state_directory = "/s";
  line.log_level = "warn";
  CHECK(load_options(line, options_, errors_));
  STRCMP_EQUAL("127.0.0.1:0", options_.listen.plain.c_str());
  CHECK(options_.listen.tls.empty());
  STRCMP_EQUAL("/s", options_.state.directory.c_str());
  STRCMP_EQUAL("warn", options_.log.level.c_str());
}

TEST(Load, AWrongFlagIsNamed) {
  CommandLine line;
  line.listen = "8080";
  line.log_level = "loud";
  CHECK_FALSE(load_options(line, options_, errors_));
  CHECK_EQUAL(0u, errors_.find("--listen: \"8080\": "));
  CHECK(errors_.find("\n--log-level: \"loud\": ") != std::string::npos);

  line = {};
  line.listen = "off";
  line.tls_listen = "off";
  errors_.clear();
  CHECK_FALSE(load_options(line, options_, errors_));
  CHECK_EQUAL(0u, errors_.find("--tls-listen: both listeners are off"));
}

TEST(Load, AFileThatCannotBeReadIsAnError) {
  CHECK_FALSE(parse_options("/nonexistent/f.toml", options_, errors_));
  STRCMP_EQUAL("/nonexistent/f.toml: the file cannot be read: No such file or directory",
               errors_.c_str());
  errors_.clear();
  CHECK_FALSE(parse_options("/", options_, errors_));
  STRCMP_EQUAL("/: the file cannot be read: Is a directory", errors_.c_str());
}
