#pragma once
#include <cstddef>

namespace bellhop {

/// Bytes of this process's heap that are in use, whoever asked for them.
[[nodiscard]] std::size_t heap_in_use();

}  // namespace bellhop
