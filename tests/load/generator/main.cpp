#include <getopt.h>
#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "scenario.h"

namespace bellhop::load {
namespace {

struct NamedScenario {
  std::string_view name;
  Scenario run;
};

constexpr std::array kScenarios{
    NamedScenario{"fanout", scenario_fanout},
    NamedScenario{"idle", scenario_idle},
    NamedScenario{"publish", scenario_publish},
    NamedScenario{"burst", scenario_burst},
    NamedScenario{"heap", scenario_heap},
    NamedScenario{"relay", scenario_relay},
    NamedScenario{"relay_steady", scenario_relay_steady},
};

constexpr const char* kUsage =
    "bellhop-load --port P --pid SERVER [--size N] [--publishers N] [--warm-up S] [--seconds S]\n"
    "             [--rate FRAMES-A-SECOND] [--heap-file F] [--tokens F]\n"
    "             fanout|idle|publish|burst|heap|relay|relay_steady\n"
    "Runs one scenario against a server on 127.0.0.1 and prints its figures as JSON.";

const NamedScenario& find_scenario(std::string_view name) {
  for (const NamedScenario& scenario : kScenarios) {
    if (scenario.name == name) {
      return scenario;
    }
  }
  die(std::string("no such scenario: ") + std::string(name) + "\n" + kUsage);
}

std::size_t to_size(const char* text) {
  char* end = nullptr;
  const unsigned long value = std::strtoul(text, &end, 10);
  if (end == text || *end != '\0' || value > 100'000'000) {
    die(std::string("not a number: ") + text);
  }
  return value;
}

double to_seconds(const char* text) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (end == text || *end != '\0' || value < 0 || value > 600) {
    die(std::string("not a number of seconds: ") + text);
  }
  return value;
}

Options parse_options(int argc, char** argv) {
  constexpr std::array<option, 10> kFlags{{{"port", required_argument, nullptr, 'p'},
                                           {"pid", required_argument, nullptr, 'i'},
                                           {"size", required_argument, nullptr, 'n'},
                                           {"publishers", required_argument, nullptr, 'b'},
                                           {"warm-up", required_argument, nullptr, 'w'},
                                           {"seconds", required_argument, nullptr, 's'},
                                           {"rate", required_argument, nullptr, 'r'},
                                           {"tokens", required_argument, nullptr, 't'},
                                           {"heap-file", required_argument, nullptr, 'h'},
                                           {nullptr, 0, nullptr, 0}}};
  Options options;
  for (int flag = 0; (flag = getopt_long(argc, argv, "", kFlags.data(), nullptr)) != -1;) {
    switch (flag) {
      case 'p':
        options.port = static_cast<int>(to_size(optarg));
        break;
      case 'i':
        options.server = static_cast<pid_t>(to_size(optarg));
        break;
      case 'n':
        options.size = to_size(optarg);
        break;
      case 'b':
        options.publishers = to_size(optarg);
        break;
      case 'w':
        options.warm_up_s = to_seconds(optarg);
        break;
      case 's':
        options.seconds = to_seconds(optarg);
        break;
      case 'r':
        options.frames_per_second = static_cast<double>(to_size(optarg));
        break;
      case 't':
        options.token_file = optarg;
        break;
      case 'h':
        options.heap_file = optarg;
        break;
      default:
        die(kUsage);
    }
  }
  if (options.port == 0 || options.server == 0 || options.frames_per_second == 0 ||
      optind != argc - 1) {
    die(kUsage);
  }
  return options;
}

void print(const Report& report) {
  const char* separator = "{";
  for (const auto& [name, value] : report.figures()) {
    std::printf("%s\"%s\":%.4f", separator, name.c_str(), value);
    separator = ",";
  }
  std::printf("}\n");
}

void allow_many_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace
}  // namespace bellhop::load

int main(int argc, char** argv) {
  using namespace bellhop::load;
  const Options options = parse_options(argc, argv);
  allow_many_files();
  Loop loop;
  Report report;
  find_scenario(argv[optind]).run(loop, options, report);
  print(report);
  return 0;
}
