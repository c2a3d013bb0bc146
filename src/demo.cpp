#include "demo.h"

#include <stdlib.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "platform/key_lines.h"
#include "platform/key_ring.h"
#include "state_files.h"
#include "store/token_keeper.h"

namespace bellhop {

DemoState::~DemoState() {
  if (directory_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

bool DemoState::open(const CommandLine& command_line, Options& options, std::string& error) {
  if (!command_line.listen) options.listen.plain = "127.0.0.1:8080";
  if (!command_line.tls_listen) options.listen.tls = "127.0.0.1:8443";
  options.push.trusted_addresses = {"127.0.0.0/8"};
  // All of the demo's pages come from one address.
  options.limits.connections_per_address = options.limits.connections;
  options.limits.new_sessions_per_second = options.limits.connections;
  if (command_line.state_directory) return true;
  const char* base = getenv("TMPDIR");
  std::string pattern = std::string(base != nullptr ? base : "/tmp") + "/bellhop-demo-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    error = "--demo: cannot make " + pattern + ": " + std::strerror(errno);
    return false;
  }
  directory_ = pattern;
  options.state.directory = directory_;
  return true;
}

bool register_demo_users(const Options& options, WallTime now, std::vector<DemoUser>& users,
                         std::string& error) {
  SqliteDatabase database;
  TokenBook book(options.limits.tokens);
  TokenKeeper keeper(database, book);
  if (!database.open(database_file(options))) {
    error = "--demo: " + database_file(options) + ": " + std::string(database.error());
    return false;
  }
  const std::array<std::string, 3> names = {"甲", "乙", "丙"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string user = std::to_string(i + 1);
    const std::string id = "demo-" + user;
    IssuedToken issued;
    const RegistryResult removed = keeper.remove(id);
    if ((removed != RegistryResult::done && removed != RegistryResult::not_found) ||
        keeper.add({id, user, names[i]}, now, issued) != RegistryResult::done) {
      error = "--demo: " + std::string(keeper.reason());
      return false;
    }
    users.push_back({user, names[i], issued.token});
  }
  return true;
}

void print_demo_guide(const DemoGuide& guide) {
  const char* address = guide.address.c_str();
  std::string key;
  std::string error;
  const auto first = [&key](std::string_view line) {
    if (key.empty()) key = line;
    return true;
  };
  // Readable a moment ago; without it the guide says so.
  if (!read_key_lines(guide.admin_key_file, {kShortestKey, kLongestKey}, first, error)) key = error;
  // Behind '#' a key stays in the browser: it is in no request and no log.
  std::fprintf(stderr,
               "\nBellhop demo. Open the console, which listens to room 456 there:\n"
               "    %s/#/push?room=456&key=%s\n"
               "Then type this, and a message appears:\n"
               "    curl -H 'Content-Type: application/json' -d "
               "'{\"ROOT\":{\"BODY\":{\"roomId\":\"456\",\"eventName\":\"test\","
               "\"data\":{\"text\":\"hello\"}}}}' %s/push\n"
               "Numbers: %s/metrics    API: %s/api/v1/openapi.yaml    Ctrl-C ends it.\n"
               "Signed out, the console asks for the admin key: %s\n",
               address, key.c_str(), address, address, address, key.c_str());
  std::fputs("Call terminals: open two of these and let them call each other.\n", stderr);
  for (const DemoUser& user : guide.users) {
    std::fprintf(stderr, "    %s %s  %s/terminal?token=%s\n", user.id.c_str(), user.name.c_str(),
                 address, user.token.c_str());
  }
  std::string sockets = guide.address;
  sockets.replace(0, std::string_view("http").size(), "ws");
  std::fprintf(stderr, "Programs connect with the same tokens: %s%s?token=...\n\n", sockets.c_str(),
               guide.terminals_path.c_str());
}

}  // namespace bellhop
