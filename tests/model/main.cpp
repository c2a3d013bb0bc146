// Compares the gateway's rules with naive models: all short stories, then random long ones.
//   bellhop-model [--rules rooms|switchboard] [--length N] [--steps N] [--seed N]
#include <getopt.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "rooms/search.h"
#include "switchboard/search.h"

using namespace bellhop::model;

namespace {

bool report(const char* what, const SearchResult& result) {
  if (!result.finding) {
    std::printf("%s: %llu stories, %llu steps, no difference\n", what,
                static_cast<unsigned long long>(result.stories),
                static_cast<unsigned long long>(result.steps));
    return true;
  }
  const Finding& finding = *result.finding;
  std::printf("%s: MISMATCH in %zu steps (%s)\n", what, finding.story.size(),
              finding.tables.c_str());
  for (const std::string& step : finding.story) std::printf("  %s\n", step.c_str());
  std::printf("%s\n", finding.difference.c_str());
  return false;
}

struct Effort {
  std::size_t length = 5;
  std::uint64_t steps = 2'000'000;
  std::uint64_t seed = 1;
};

// Short stories in tables that are full soon come first, where even shorter ones do.
bool check_rooms(const Effort& effort) {
  return report("rooms, full rooms", rooms::search_full_rooms(effort.length)) &&
         report("rooms, full members", rooms::search_full_members(effort.length)) &&
         report("rooms, random", rooms::search_random(effort.steps, effort.seed)) &&
         report("rooms, all", rooms::search_all(effort.length));
}

bool check_switchboard(const Effort& effort) {
  return report("switchboard, full", switchboard::search_full(effort.length)) &&
         report("switchboard, random", switchboard::search_random(effort.steps, effort.seed)) &&
         report("switchboard, all", switchboard::search_all(effort.length));
}

}  // namespace

int main(int argc, char** argv) {
  Effort effort;
  std::string_view rules;
  const option options[] = {{"rules", required_argument, nullptr, 'r'},
                            {"length", required_argument, nullptr, 'l'},
                            {"steps", required_argument, nullptr, 'n'},
                            {"seed", required_argument, nullptr, 's'},
                            {}};
  for (int c = 0; (c = getopt_long(argc, argv, "", options, nullptr)) != -1;) {
    if (c == '?') return 64;
    const std::uint64_t value = std::strtoull(optarg, nullptr, 0);
    if (c == 'r') rules = optarg;
    if (c == 'l') effort.length = static_cast<std::size_t>(value);
    if (c == 'n') effort.steps = value;
    if (c == 's') effort.seed = value;
  }
  if (!rules.empty() && rules != "rooms" && rules != "switchboard") return 64;
  std::printf("seed %llu\n", static_cast<unsigned long long>(effort.seed));
  const bool same = (rules == "switchboard" || check_rooms(effort)) &&
                    (rules == "rooms" || check_switchboard(effort));
  return same ? 0 : 1;
}
