#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace bellhop::load {

// A figure from a run in which something went wrong is worth nothing: every surprise ends the run.
[[noreturn]] inline void die(const std::string& why) {
  std::fprintf(stderr, "bellhop-load: %s\n", why.c_str());
  std::exit(1);
}

}  // namespace bellhop::load
