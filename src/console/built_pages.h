#pragma once
#include <span>

#include "console/static_files.h"

namespace bellhop {

/// What Vite has made of the pages: build.mjs writes the table, CMake compiles it.
[[nodiscard]] std::span<const StaticFile> built_pages();

/// Nothing but the box's own files, nothing inline, in nobody's frame.
inline constexpr std::string_view kPageHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n";

/// The names of assets change with their bytes, those of pages do not.
inline constexpr std::string_view kCheckAgain = "no-cache";
inline constexpr std::string_view kKeepForEver = "public, max-age=31536000, immutable";

}  // namespace bellhop
