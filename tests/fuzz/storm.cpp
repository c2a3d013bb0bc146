// Random and mutated frames through whole terminals and pages, the same for the same seed; for the
// sanitizer build, where libFuzzer's compiler is not needed.
//   bellhop-storm [--frames N] [--seed N]
#include <getopt.h>

#include "harness.h"
#include "terminals_rig.h"

using namespace bellhop;

namespace {

constexpr std::uint32_t kScriptBytes = 6000;

/// Any bytes are a script.
std::string draw_script(model::Dice& dice) {
  std::string script;
  const std::uint32_t size = 1 + dice.below(kScriptBytes);
  while (script.size() < size) script.push_back(static_cast<char>(dice.below(256)));
  return script;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t frames = 100'000;
  std::uint64_t seed = 1;
  const option options[] = {
      {"frames", required_argument, nullptr, 'f'}, {"seed", required_argument, nullptr, 's'}, {}};
  for (int c = 0; (c = getopt_long(argc, argv, "", options, nullptr)) != -1;) {
    if (c == '?') return 64;
    (c == 'f' ? frames : seed) = std::strtoull(optarg, nullptr, 0);
  }
  model::Dice dice(seed);
  std::uint64_t sent = 0;
  std::uint64_t scripts = 0;
  for (; sent < frames; ++scripts) {
    const std::string text = draw_script(dice);
    fuzz::Script script(text);
    fuzz::TerminalsRig rig;
    rig.play(script);
    sent += rig.frames_sent();
  }
  std::printf("seed %llu: %llu frames in %llu scripts, every promise held\n1 passed, 0 failed\n",
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(sent),
              static_cast<unsigned long long>(scripts));
  return 0;
}
