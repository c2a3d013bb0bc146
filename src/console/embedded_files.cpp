#include "console/embedded_files.h"

#include <cstddef>
#include <vector>

#include "console/built_pages.h"

// The symbols that embed.cmake makes of a file.
// NOLINTBEGIN(bugprone-macro-parentheses): a declared name takes none
#define BELLHOP_EMBEDDED(symbol)              \
  extern "C" const char symbol[];             \
  extern "C" const std::size_t symbol##_size; \
  extern "C" const char symbol##_gzip[];      \
  extern "C" const std::size_t symbol##_gzip_size;
// NOLINTEND(bugprone-macro-parentheses)

#define BELLHOP_BYTES(symbol)         \
  {symbol, symbol##_size}, {          \
    symbol##_gzip, symbol##_gzip_size \
  }

BELLHOP_EMBEDDED(bellhop_socketio_js)
BELLHOP_EMBEDDED(bellhop_socketio_min_js)
BELLHOP_EMBEDDED(bellhop_socketio_esm_js)

namespace bellhop {
namespace {

constexpr std::string_view kScript = "text/javascript; charset=utf-8";

/// Pages of other origins, e.g. a front-end developer's own server, may import the stock client.
constexpr std::string_view kLibrary = "Access-Control-Allow-Origin: *\r\n";

std::vector<StaticFile> all_files() {
  std::vector<StaticFile> files = {
      {"/socket.io/socket.io.js", kScript, BELLHOP_BYTES(bellhop_socketio_js), kLibrary},
      {"/socket.io/socket.io.min.js", kScript, BELLHOP_BYTES(bellhop_socketio_min_js), kLibrary},
      {"/socket.io/socket.io.esm.min.js", kScript, BELLHOP_BYTES(bellhop_socketio_esm_js),
       kLibrary},
  };
  files.insert(files.end(), built_pages().begin(), built_pages().end());
  return files;
}

}  // namespace

std::span<const StaticFile> embedded_files() {
  static const std::vector<StaticFile> kFiles = all_files();
  return kFiles;
}

}  // namespace bellhop
