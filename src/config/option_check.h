#pragma once
// What a value must look like, and what two values must be to each other.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.h"

namespace bellhop {

/// Checks one text, or one item of a list, against its option's type; says in `error` what is
/// wrong.
[[nodiscard]] bool check_text(OptionType type, std::string_view text, std::string& error);

/// Two options that are each valid but not together, `first` being the one to blame when the file
/// sets both.
struct Conflict {
  const OptionDescription* first;
  const OptionDescription* second;
  std::string message;
};

[[nodiscard]] std::vector<Conflict> find_conflicts(Options& options);

[[nodiscard]] const OptionDescription* find_option(std::string_view section, std::string_view key);

/// `section.key`, as messages name it.
[[nodiscard]] std::string full_name(const OptionDescription& option);

/// ` (did you mean KEY?)` for the known key of `section` nearest to `key`, or where `key` belongs;
/// empty when nothing is near.
[[nodiscard]] std::string suggest_key(std::string_view section, std::string_view key);
/// The same for the name of a section.
[[nodiscard]] std::string suggest_section(std::string_view section);

}  // namespace bellhop
