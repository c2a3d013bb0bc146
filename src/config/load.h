#pragma once
// From a file and the flags to checked options. Every error is reported, not only the first, each
// on a line of its own: `FILE:LINE:COLUMN: message`, or `--listen: message` for a flag.
#include <string>
#include <string_view>

#include "config/command_line.h"
#include "config/options.h"

namespace bellhop {

/// Defaults, then the file, then the flags; syntax, bounds and relations are checked. On false
/// `errors` is not empty and `options` must not be used.
[[nodiscard]] bool load_options(const CommandLine& line, Options& options, std::string& errors);

/// The file alone.
[[nodiscard]] bool parse_options(const std::string& path, Options& options, std::string& errors);

/// The same for a text at hand; `name` stands for the file in messages.
[[nodiscard]] bool parse_options_text(std::string_view text, std::string_view name,
                                      Options& options, std::string& errors);

}  // namespace bellhop
