#pragma once
#include <vector>

#include "store/sqlite_statement.h"
#include "token/token_book.h"

namespace bellhop {

/// Registered tokens. Unlike the mirrored tables they are written at once, and the file may be
/// written by the command line too: it is the truth, tables in memory are copies.
class SqliteTokens {
 public:
  explicit SqliteTokens(SqliteDatabase& database);

  // Inside a transaction; false: the database's error() says why.
  [[nodiscard]] bool insert(const TokenRecord& record);
  [[nodiscard]] bool remove(std::string_view id);
  [[nodiscard]] bool remove_expired(WallTime now);

  [[nodiscard]] bool contains(std::string_view id, bool& found);
  [[nodiscard]] bool count(std::size_t& tokens);
  /// The oldest first. Rows that somebody else has spoilt are left out.
  [[nodiscard]] bool read(std::vector<TokenRecord>& records);

 private:
  SqliteStatement insert_;
  SqliteStatement remove_;
  SqliteStatement remove_expired_;
  SqliteStatement contains_;
  SqliteStatement count_;
  SqliteStatement read_;
};

}  // namespace bellhop
