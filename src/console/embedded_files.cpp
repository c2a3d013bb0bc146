#include "console/embedded_files.h"

#include <cstddef>
#include <vector>

#include "console/built_pages.h"

// Each file's bytes, plain and compressed, as embed.cmake names them.
// NOLINTBEGIN(bugprone-macro-parentheses): a declared name takes none
#define BELLHOP_FILE(symbol, path, extension, headers) \
  extern "C" const char symbol[];                      \
  extern "C" const std::size_t symbol##_size;          \
  extern "C" const char symbol##_gzip[];               \
  extern "C" const std::size_t symbol##_gzip_size;
// NOLINTEND(bugprone-macro-parentheses)
#include "embedded_files.inc"
#undef BELLHOP_FILE

namespace bellhop {
namespace {

constexpr std::string_view content_type(std::string_view extension) {
  if (extension == ".html") return "text/html; charset=utf-8";
  if (extension == ".css") return "text/css; charset=utf-8";
  if (extension == ".svg") return "image/svg+xml";
  if (extension == ".js") return "text/javascript; charset=utf-8";
  return "text/plain; charset=utf-8";  // types and texts, to be read by people
}

constexpr std::string_view kNone;
/// Nothing but the box's own files, nothing inline, in nobody's frame.
constexpr std::string_view kPage =
    "Content-Security-Policy: default-src 'self'; base-uri 'none'; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'\r\n";
/// Pages of other origins, e.g. a front-end developer's own server, may import the clients.
constexpr std::string_view kLibrary = "Access-Control-Allow-Origin: *\r\n";

std::vector<StaticFile> all_files() {
  std::vector<StaticFile> files = {
#define BELLHOP_FILE(symbol, path, extension, headers) \
  {path,                                               \
   content_type(extension),                            \
   {symbol, symbol##_size},                            \
   {symbol##_gzip, symbol##_gzip_size},                \
   headers},
#include "embedded_files.inc"
#undef BELLHOP_FILE
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
