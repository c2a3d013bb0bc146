#include "token_command.h"

#include <sysexits.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/local_time.h"
#include "base/log.h"
#include "platform/files.h"
#include "state_files.h"
#include "store/token_keeper.h"

namespace bellhop {
namespace {

/// The gateway's transactions are over in less; a disk may take its time.
constexpr Duration kPatience{5000};

int complain(std::string_view text, int code) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
  return code;
}

std::string time_text(WallTime at) {
  if (at == WallTime::max()) return "never";
  std::array<char, kLocalTimeSize> text{};
  return std::string(format_local_time(at, text));
}

/// The database as a visitor opens it: nothing is put aside behind a gateway's back.
struct Registry {
  explicit Registry(const Options& options) : book(options.limits.tokens) {}

  SqliteDatabase database{{.busy_timeout = kPatience, .put_aside = false}};
  TokenBook book;
  TokenKeeper keeper{database, book};
};

bool open_registry(const Options& options, Registry& registry, std::string& error) {
  const std::string file = database_file(options);
  if (registry.database.open(file) && registry.keeper.reload()) return true;
  error = file + ": " + std::string(registry.database.error());
  return false;
}

/// How many columns of a terminal valid UTF-8 takes: Chinese characters are two wide.
std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) continue;
    columns += byte >= 0xE3 ? 2 : 1;  // U+3000 and above
  }
  return columns;
}

using Row = std::array<std::string, 5>;

void print_table(const std::vector<Row>& rows) {
  std::array<std::size_t, 5> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] + 2 - columns_of(row[i]), ' ');
    }
    std::puts(line.c_str());
  }
}

int add(const CommandLine& line, const Options& options, WallTime now) {
  Identity identity;
  std::string error;
  Registry registry(options);
  // The first start makes its key and certificate only in a folder that was never used.
  if (!open_identity(identity_files(options), false, now, identity, error)) {
    return complain(error, EX_CONFIG);
  }
  if (!open_registry(options, registry, error)) return complain(error, EXIT_FAILURE);
  const WallTime expires = line.expires_in ? now + *line.expires_in : WallTime::max();
  IssuedToken issued;
  const RegistryResult result =
      registry.keeper.add({line.token_id, line.user, line.name, expires}, now, issued);
  if (result != RegistryResult::done) {
    return complain(registry.keeper.reason(),
                    result == RegistryResult::refused ? EX_CONFIG : EXIT_FAILURE);
  }
  std::fprintf(
      stderr, "token %s of user %s, expires: %s; only its hash is kept, here it is once:\n",
      std::string(issued.record.id.view()).c_str(), line.user.c_str(), time_text(expires).c_str());
  std::puts(issued.token.c_str());
  return EXIT_SUCCESS;
}

int list(const Options& options, WallTime now) {
  Registry registry(options);
  std::string error;
  // A file that is not there yet has no tokens, and making it is not for somebody who looks.
  if (file_exists(database_file(options)) && !open_registry(options, registry, error)) {
    return complain(error, EXIT_FAILURE);
  }
  std::vector<Row> rows = {{"ID", "USER", "NAME", "CREATED", "EXPIRES"}};
  for (const TokenRecord* record : registry.book.records()) {
    const bool expired = now >= record->expires;
    rows.push_back({std::string(record->id.view()), std::string(record->user.view()),
                    std::string(record->name.view()), time_text(record->created),
                    time_text(record->expires) + (expired ? " (expired)" : "")});
  }
  print_table(rows);
  return EXIT_SUCCESS;
}

int revoke(const CommandLine& line, const Options& options) {
  Registry registry(options);
  std::string error;
  if (!file_exists(database_file(options))) {
    return complain(database_file(options) + ": there is no database yet, and so no token",
                    EXIT_FAILURE);
  }
  if (!open_registry(options, registry, error)) return complain(error, EXIT_FAILURE);
  if (registry.keeper.remove(line.token_id) != RegistryResult::done) {
    return complain(line.token_id + ": " + std::string(registry.keeper.reason()), EXIT_FAILURE);
  }
  return complain("token " + line.token_id + " is revoked", EXIT_SUCCESS);
}

}  // namespace

int run_token_command(const CommandLine& line, const Options& options, WallTime now) {
  log_set_level(LogLevel::warn);
  switch (line.action) {
    case CommandLine::Action::token_add:
      return add(line, options, now);
    case CommandLine::Action::token_list:
      return list(options, now);
    default:
      return revoke(line, options);
  }
}

}  // namespace bellhop
