// Whole terminals: the input is the script of a rig (terminals_rig.h).
#include "terminals_rig.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bellhop::fuzz::Script script(bellhop::fuzz::text_of(data, size));
  bellhop::fuzz::TerminalsRig().play(script);
  return 0;
}
