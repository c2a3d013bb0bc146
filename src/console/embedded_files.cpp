#include "console/embedded_files.h"

#include <cstddef>

// Each file's bytes, plain and compressed, as embed.cmake names them.
// NOLINTBEGIN(bugprone-macro-parentheses): a declared name takes none
#define BELLHOP_FILE(symbol, path, extension, headers) \
  extern "C" const char symbol[];                      \
  extern "C" const std::size_t symbol##_size;          \
  extern "C" const char symbol##_gzip[];               \
  extern "C" const std::size_t symbol##_gzip_size;
#include "embedded_files.inc"
#undef BELLHOP_FILE

// What Vite has made of the pages, as build.mjs names it.
#define BELLHOP_PAGE(symbol, ...) \
  extern "C" const char symbol[]; \
  extern "C" const char symbol##_gzip[];
// NOLINTEND(bugprone-macro-parentheses)
#include "pages/pages.inc"
#undef BELLHOP_PAGE

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
constexpr std::string_view kBuiltPage =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n";
/// The names of the parts of pages change with their bytes, those of pages do not.
constexpr std::string_view kCheckAgain = "no-cache";
constexpr std::string_view kKeepForEver = "public, max-age=31536000, immutable";
/// Pages of other origins, e.g. a front-end developer's own server, may import the clients.
constexpr std::string_view kLibrary = "Access-Control-Allow-Origin: *\r\n";

}  // namespace

std::span<const StaticFile> embedded_files() {
  static const StaticFile kFiles[] = {
#define BELLHOP_FILE(symbol, path, extension, headers) \
  {path,                                               \
   content_type(extension),                            \
   {symbol, symbol##_size},                            \
   {symbol##_gzip, symbol##_gzip_size},                \
   headers},
#include "embedded_files.inc"
#undef BELLHOP_FILE
#define BELLHOP_PAGE(symbol, path, type, size, gzip_size, headers, cache_control) \
  {path, type, {symbol, size}, {symbol##_gzip, gzip_size}, headers, cache_control},
#include "pages/pages.inc"
#undef BELLHOP_PAGE
  };
  return kFiles;
}

}  // namespace bellhop
