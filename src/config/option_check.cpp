#include "config/option_check.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "config/address.h"

namespace bellhop {
namespace {

bool fail(std::string& error, std::string_view reason) {
  error = reason;
  return false;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

bool is_path_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("/._~-").find(c) != std::string_view::npos;
}

bool check_url_path(std::string_view text, std::string& error) {
  if (!text.starts_with('/')) return fail(error, "a path starts with '/'");
  if (text.size() > 64) return fail(error, "a path has at most 64 characters");
  if (!std::all_of(text.begin(), text.end(), is_path_character)) {
    return fail(error, "a path has only letters, digits and the characters / . _ ~ -");
  }
  if (text.find("//") != text.npos || text.find("/.") != text.npos) {
    return fail(error, "a path must not contain // or a part that starts with '.'");
  }
  return true;
}

bool check_file_path(std::string_view text, std::string& error) {
  return !has_control_character(text) || fail(error, "it contains a control character");
}

bool check_listen(std::string_view text, std::string& error) {
  ListenAddress address;
  if (text.empty() || parse_listen_address(text, address, error)) return true;
  error += "; \"\" turns the listener off";
  return false;
}

/// Both are integers of Options::Limits, and the first must not be larger than the second.
struct Order {
  std::string_view lesser;
  std::string_view greater;
  std::string_view reason;
};

constexpr Order kOrders[] = {
    {"sessions", "connections", "every session needs a socket"},
    {"sessions", "memberships", "every session may be in a room"},
    {"rooms", "memberships", "every room has a member"},
    {"tls_connections", "connections", "they are among all connections"},
    {"connections_per_address", "connections", "they are among all connections"},
    {"body_bytes_unauthorised", "body_bytes", "a key may only raise the limit"},
    {"message_bytes", "queue_bytes", "a queue must hold the largest message"},
};

std::string named_value(const OptionDescription& option, Options& options) {
  Options defaults;
  const std::uint32_t value = option.integer(options);
  return full_name(option) + " = " + std::to_string(value) +
         (value == option.integer(defaults) ? " (the default)" : "");
}

void find_wrong_orders(Options& options, std::vector<Conflict>& conflicts) {
  for (const Order& order : kOrders) {
    const OptionDescription* lesser = find_option("limits", order.lesser);
    const OptionDescription* greater = find_option("limits", order.greater);
    if (lesser->integer(options) <= greater->integer(options)) continue;
    conflicts.push_back({lesser, greater,
                         named_value(*lesser, options) + " is more than " +
                             named_value(*greater, options) + ": " + std::string(order.reason)});
  }
}

void find_listen_conflict(const Options& options, std::vector<Conflict>& conflicts) {
  const OptionDescription* plain = find_option("listen", "plain");
  const OptionDescription* tls = find_option("listen", "tls");
  if (options.listen.plain.empty() && options.listen.tls.empty()) {
    conflicts.push_back(
        {tls, plain, "both listeners are off: listen.plain or listen.tls must be on"});
  } else if (options.listen.plain == options.listen.tls && !options.listen.tls.ends_with(":0")) {
    conflicts.push_back({tls, plain, "listen.plain and listen.tls have the same address and port"});
  }
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/');
}

void find_path_conflicts(const Options& options, std::vector<Conflict>& conflicts) {
  const auto blame = [&](std::string_view key, std::string_view other, const std::string& message) {
    conflicts.push_back({find_option("paths", key), find_option("paths", other), message});
  };
  if (!options.paths.socketio.ends_with('/')) {
    blame("socketio", "socketio", "paths.socketio must end in '/'");
  }
  struct Path {
    std::string_view key;
    std::string_view value;
  };
  const Path paths[] = {{"socketio", options.paths.socketio},
                        {"push", options.paths.push},
                        {"terminals", options.paths.terminals}};
  for (const Path& path : paths) {
    for (const std::string_view taken : {"/api", "/health", "/metrics"}) {
      if (!is_below(path.value, taken)) continue;
      blame(path.key, path.key, std::string(taken) + " is Bellhop's own: choose another path");
    }
    for (const Path& other : paths) {
      if (path.key == other.key || !is_below(path.value, other.value)) continue;
      const bool same = is_below(other.value, path.value);
      if (same && path.key < other.key) continue;  // told once
      blame(path.key, other.key,
            "paths." + std::string(path.key) + " lies below paths." + std::string(other.key));
    }
  }
  if (options.paths.terminals == "/") {
    blame("terminals", "terminals", "paths.terminals must not be \"/\", where the pages are");
  }
}

void find_origin_conflict(const Options& options, std::vector<Conflict>& conflicts) {
  const auto& origins = options.http.origins;
  if (origins.size() < 2 || std::find(origins.begin(), origins.end(), "*") == origins.end()) return;
  const OptionDescription* option = find_option("http", "origins");
  conflicts.push_back({option, option, "http.origins: \"*\" must stand alone"});
}

void find_certificate_conflict(const Options& options, std::vector<Conflict>& conflicts) {
  if (options.tls.certificate_file.empty() == options.tls.key_file.empty()) return;
  conflicts.push_back({find_option("tls", "certificate_file"), find_option("tls", "key_file"),
                       "tls.certificate_file and tls.key_file must be set together"});
}

void find_token_conflict(const Options& options, std::vector<Conflict>& conflicts) {
  const auto& tokens = options.tokens;
  if (tokens.hs256_key_file.empty() || tokens.hs256_key_file != tokens.es256_key_file) return;
  conflicts.push_back({find_option("tokens", "es256_key_file"),
                       find_option("tokens", "hs256_key_file"),
                       "tokens.hs256_key_file and tokens.es256_key_file name the same file: one "
                       "holds secrets, the other public keys"});
}

/// Levenshtein distance; names are short.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
    }
  }
  return row[b.size()];
}

/// Keeps the candidate nearest to a name, if it is near enough to be a slip of the pen.
class Nearest {
 public:
  explicit Nearest(std::string_view name)
      : name_(name), best_distance_(std::max<std::size_t>(3, name.size() / 3 + 1)) {}

  void offer(std::string_view candidate) {
    const std::size_t d = distance(name_, candidate);
    if (d >= best_distance_) return;
    best_ = candidate;
    best_distance_ = d;
  }

  [[nodiscard]] std::string hint() const {
    return best_.empty() ? "" : " (did you mean " + std::string(best_) + "?)";
  }

 private:
  std::string_view name_;
  std::string_view best_;
  std::size_t best_distance_;
};

}  // namespace

bool check_text(OptionType type, std::string_view text, std::string& error) {
  switch (type) {
    case OptionType::integer:
      break;
    case OptionType::listen_address:
      return check_listen(text, error);
    case OptionType::url_path:
      return check_url_path(text, error);
    case OptionType::file_path:
      return check_file_path(text, error);
    case OptionType::directory_path:
      return text.empty() ? fail(error, "it must not be empty") : check_file_path(text, error);
    case OptionType::log_level: {
      LogLevel level{};
      return parse_log_level(text, level) || fail(error, "it is debug, info, warn or error");
    }
    case OptionType::origins:
      return text == "*" || check_origin(text, error);
    case OptionType::networks: {
      Ipv4Network network;
      return parse_ipv4_network(text, network, error);
    }
  }
  return fail(error, "it is not a text");
}

std::vector<Conflict> find_conflicts(Options& options) {
  std::vector<Conflict> conflicts;
  find_listen_conflict(options, conflicts);
  find_path_conflicts(options, conflicts);
  find_wrong_orders(options, conflicts);
  find_origin_conflict(options, conflicts);
  find_certificate_conflict(options, conflicts);
  find_token_conflict(options, conflicts);
  return conflicts;
}

const OptionDescription* find_option(std::string_view section, std::string_view key) {
  for (const OptionDescription& option : option_descriptions()) {
    if (option.section == section && option.key == key) return &option;
  }
  return nullptr;
}

std::string full_name(const OptionDescription& option) {
  return std::string(option.section) + "." + std::string(option.key);
}

std::string suggest_key(std::string_view section, std::string_view key) {
  Nearest nearest(key);
  for (const OptionDescription& option : option_descriptions()) {
    if (option.section == section) nearest.offer(option.key);
    if (option.section != section && option.key == key) {
      return " (it belongs into [" + std::string(option.section) + "])";
    }
  }
  return nearest.hint();
}

std::string suggest_section(std::string_view section) {
  Nearest nearest(section);
  for (const OptionDescription& option : option_descriptions()) nearest.offer(option.section);
  return nearest.hint();
}

}  // namespace bellhop
