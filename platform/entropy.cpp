#include "platform/entropy.h"

#include <sys/random.h>

#include <cerrno>
#include <cstddef>

namespace bellhop {

bool fill_random(std::span<char> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno != EINTR) return false;
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

}  // namespace bellhop
