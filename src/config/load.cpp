#include "config/load.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "config/option_check.h"

namespace bellhop {
namespace {

constexpr std::size_t kLargestFile = 1'048'576;

/// Where a value came from. Flags have no line and sort behind the file.
struct Position {
  std::string source;
  std::uint32_t line = UINT32_MAX;
  std::uint32_t column = 0;
};

std::string_view type_word(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

class Loader {
 public:
  explicit Loader(Options& options) : options_(options) {}

  void read_file(const std::string& path);
  void read_text(std::string_view text, std::string_view name);
  void read_flag(std::string_view flag, const OptionDescription& option, std::string_view value);
  /// Sorts what was found by place; true when nothing was.
  [[nodiscard]] bool finish(std::string& errors);

 private:
  struct Problem {
    Position position;
    std::string message;
  };

  void read_section(const toml::key& name, const toml::node& node);
  void read_option(const OptionDescription& option, const toml::node& node);
  void read_integer(const OptionDescription& option, const toml::node& node);
  void read_string(const OptionDescription& option, const toml::node& node);
  void read_list(const OptionDescription& option, const toml::node& node);
  [[nodiscard]] bool text_fits(const OptionDescription& option, std::string_view text,
                               const Position& position);
  void wrong_type(const OptionDescription& option, const toml::node& node, std::string_view wanted);
  void find_all_conflicts();
  [[nodiscard]] Position at(const toml::source_region& region) const;

  void complain(Position position, std::string message) {
    problems_.push_back({std::move(position), std::move(message)});
  }

  Options& options_;
  std::string name_;
  std::map<const OptionDescription*, Position> set_at_;
  std::vector<Problem> problems_;
};

void Loader::read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             &std::fclose);
  std::string text(kLargestFile + 1, '\0');
  const std::size_t size = file ? std::fread(text.data(), 1, text.size(), file.get()) : 0;
  if (!file || std::ferror(file.get()) != 0) {
    complain({path}, std::string("the file cannot be read: ") + std::strerror(errno));
  } else if (size > kLargestFile) {
    complain({path}, "the file is larger than 1 MiB");
  } else {
    read_text(std::string_view(text).substr(0, size), path);
  }
}

void Loader::read_text(std::string_view text, std::string_view name) {
  name_ = name;
  const toml::parse_result result = toml::parse(text, name);
  if (!result) {
    complain(at(result.error().source()), std::string(result.error().description()));
    return;
  }
  for (const auto& [key, node] : result.table()) read_section(key, node);
}

void Loader::read_section(const toml::key& name, const toml::node& node) {
  const auto options = option_descriptions();
  const bool known = std::any_of(options.begin(), options.end(),
                                 [&](const auto& option) { return option.section == name.str(); });
  const std::string text(name.str());
  if (!known && !node.is_table()) {
    return complain(at(name.source()),
                    "unknown option " + text + " outside of any section" + suggest_key("", text));
  }
  if (!known) {
    return complain(at(name.source()), "unknown section [" + text + "]" + suggest_section(text));
  }
  if (!node.is_table()) {
    return complain(at(node.source()), text + " is a section: write [" + text + "]");
  }
  for (const auto& [key, value] : *node.as_table()) {
    const OptionDescription* option = find_option(text, key.str());
    if (option != nullptr) {
      read_option(*option, value);
    } else {
      complain(at(key.source()), "unknown option " + text + "." + std::string(key.str()) +
                                     suggest_key(text, key.str()));
    }
  }
}

void Loader::read_option(const OptionDescription& option, const toml::node& node) {
  set_at_[&option] = at(node.source());
  if (option.integer != nullptr) return read_integer(option, node);
  if (option.text != nullptr) return read_string(option, node);
  read_list(option, node);
}

void Loader::read_integer(const OptionDescription& option, const toml::node& node) {
  const auto* value = node.as_integer();
  if (value == nullptr) return wrong_type(option, node, "a whole number");
  const std::int64_t number = value->get();
  if (number >= option.min && number <= option.max) {
    option.integer(options_) = static_cast<std::uint32_t>(number);
    return;
  }
  std::string message = full_name(option) + " = " + std::to_string(number) +
                        " is out of range: " + std::to_string(option.min) + " to " +
                        std::to_string(option.max);
  if (!option.unit.empty()) message.append(" ").append(option.unit);
  complain(at(node.source()), std::move(message));
}

void Loader::read_string(const OptionDescription& option, const toml::node& node) {
  const auto* value = node.as_string();
  if (value == nullptr) return wrong_type(option, node, "a text in quotes");
  if (text_fits(option, value->get(), at(node.source()))) option.text(options_) = value->get();
}

void Loader::read_list(const OptionDescription& option, const toml::node& node) {
  const auto* array = node.as_array();
  if (array == nullptr) return wrong_type(option, node, "a list of texts");
  std::vector<std::string> items;
  for (const toml::node& item : *array) {
    const auto* value = item.as_string();
    if (value == nullptr) {
      wrong_type(option, item, "a list of texts");
    } else if (text_fits(option, value->get(), at(item.source()))) {
      items.push_back(value->get());
    }
  }
  option.list(options_) = std::move(items);
}

bool Loader::text_fits(const OptionDescription& option, std::string_view text,
                       const Position& position) {
  std::string reason;
  if (check_text(option.type, text, reason)) return true;
  complain(position, full_name(option) + " = \"" + std::string(text) + "\": " + reason);
  return false;
}

void Loader::wrong_type(const OptionDescription& option, const toml::node& node,
                        std::string_view wanted) {
  complain(at(node.source()), full_name(option) + " must be " + std::string(wanted) + ", not " +
                                  std::string(type_word(node.type())));
}

void Loader::read_flag(std::string_view flag, const OptionDescription& option,
                       std::string_view value) {
  const Position position{std::string(flag)};
  std::string reason;
  if (!check_text(option.type, value, reason)) {
    complain(position, "\"" + std::string(value) + "\": " + reason);
    return;
  }
  option.text(options_) = value;
  set_at_[&option] = position;
}

void Loader::find_all_conflicts() {
  for (Conflict& conflict : find_conflicts(options_)) {
    const bool first_set = set_at_.contains(conflict.first);
    complain(set_at_[first_set ? conflict.first : conflict.second], std::move(conflict.message));
  }
}

bool Loader::finish(std::string& errors) {
  // Only sound values are compared: a conflict with a value that was not taken would mislead.
  if (problems_.empty()) find_all_conflicts();
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return a.position.line < b.position.line;
  });
  for (const Problem& problem : problems_) {
    if (!errors.empty()) errors += '\n';
    errors += problem.position.source;
    if (problem.position.column != 0) {
      errors += ":" + std::to_string(problem.position.line) + ":" +
                std::to_string(problem.position.column);
    }
    errors += ": " + problem.message;
  }
  return problems_.empty();
}

Position Loader::at(const toml::source_region& region) const {
  return {name_, region.begin.line, region.begin.column};
}

void read_flags(const CommandLine& line, Loader& loader) {
  const auto read = [&](std::string_view flag, std::string_view section, std::string_view key,
                        const std::optional<std::string>& value) {
    if (value) loader.read_flag(flag, *find_option(section, key), *value == "off" ? "" : *value);
  };
  read("--listen", "listen", "plain", line.listen);
  read("--tls-listen", "listen", "tls", line.tls_listen);
  read("--state", "state", "directory", line.state_directory);
  read("--log-level", "log", "level", line.log_level);
  read("--watchdog", "watchdog", "device", line.watchdog);
}

}  // namespace

bool load_options(const CommandLine& line, Options& options, std::string& errors) {
  Loader loader(options);
  if (!line.config_file.empty()) loader.read_file(line.config_file);
  read_flags(line, loader);
  return loader.finish(errors);
}

bool parse_options(const std::string& path, Options& options, std::string& errors) {
  Loader loader(options);
  loader.read_file(path);
  return loader.finish(errors);
}

bool parse_options_text(std::string_view text, std::string_view name, Options& options,
                        std::string& errors) {
  Loader loader(options);
  loader.read_text(text, name);
  return loader.finish(errors);
}

}  // namespace bellhop
