#pragma once
#include <span>

namespace bellhop {

/// Fills `out` with bytes fit for keys and session ids (getrandom, which waits at boot until the
/// kernel's pool is ready). False only when the kernel has no such call: the caller gives up.
[[nodiscard]] bool fill_random(std::span<char> out);

}  // namespace bellhop
