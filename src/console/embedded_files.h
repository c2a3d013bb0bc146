#pragma once
#include <span>

#include "console/static_files.h"

namespace bellhop {

/// The files inside the program, as CMakeLists.txt lists them: pages, the client modules, the stock
/// Socket.IO client.
[[nodiscard]] std::span<const StaticFile> embedded_files();

}  // namespace bellhop
