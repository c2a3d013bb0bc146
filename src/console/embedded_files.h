#pragma once
#include <span>

#include "console/static_files.h"

namespace bellhop {

/// The files inside the program, as CMakeLists.txt lists them: the pages of src/console/, the client
/// modules and the stock Socket.IO client.
[[nodiscard]] std::span<const StaticFile> embedded_files();

}  // namespace bellhop
