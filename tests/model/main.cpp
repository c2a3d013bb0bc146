// Compares the gateway's rules with a naive model: all short stories, then random long ones.
//   bellhop-model [--length N] [--steps N] [--seed N]
#include <getopt.h>

#include <cstdio>
#include <cstdlib>

#include "search.h"

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
  std::printf("%s: MISMATCH in %zu steps (%zu rooms, %zu memberships)\n", what,
              finding.story.size(), finding.tables.rooms, finding.tables.memberships);
  for (const Operation& operation : finding.story) {
    std::printf("  %s\n", text_of(operation).c_str());
  }
  std::printf("%s\n", finding.difference.c_str());
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t length = 5;
  std::uint64_t steps = 2'000'000;
  std::uint64_t seed = 1;
  const option options[] = {{"length", required_argument, nullptr, 'l'},
                            {"steps", required_argument, nullptr, 'n'},
                            {"seed", required_argument, nullptr, 's'},
                            {}};
  for (int c = 0; (c = getopt_long(argc, argv, "", options, nullptr)) != -1;) {
    const std::uint64_t value = optarg != nullptr ? std::strtoull(optarg, nullptr, 0) : 0;
    if (c == 'l') {
      length = value;
    } else if (c == 'n') {
      steps = value;
    } else if (c == 's') {
      seed = value;
    } else {
      return 64;
    }
  }
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  // Tables with room for all, and tables that are full soon, where shorter stories do.
  const bool same = report("all, full rooms", search_all(length - 1, {1, 2, 3})) &&
                    report("all, full members", search_all(length - 1, {2, 2, 3})) &&
                    report("random", search_random(steps, seed)) &&
                    report("all", search_all(length, {2, 6, 3}));
  return same ? 0 : 1;
}
