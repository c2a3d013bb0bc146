#include "store/sqlite_tokens.h"

#include <algorithm>

#include "token/token_registry.h"

namespace bellhop {
namespace {

bool read_row(const SqliteStatement& row, TokenRecord& record) {
  const auto digest = row.bytes(1);
  if (digest.size() != record.digest.size()) return false;
  std::copy(digest.begin(), digest.end(), record.digest.begin());
  record.created = row.time(4);
  if (!row.is_null(5)) record.expires = row.time(5);
  const auto id = row.text(0);
  const auto user = row.text(2);
  const auto name = row.text(3);
  return token_id_fault(id).empty() && user_id_fault(user).empty() &&
         user_name_fault(name).empty() && record.id.assign(id) && record.user.assign(user) &&
         record.name.assign(name);
}

}  // namespace

SqliteTokens::SqliteTokens(SqliteDatabase& database)
    : insert_(database, "INSERT INTO tokens VALUES(?,?,?,?,?,?)"),
      remove_(database, "DELETE FROM tokens WHERE id=?"),
      remove_expired_(database, "DELETE FROM tokens WHERE expires_ms<=?"),
      contains_(database, "SELECT 1 FROM tokens WHERE id=?"),
      count_(database, "SELECT count(*) FROM tokens"),
      read_(database,
            "SELECT id, digest, user, name, created_ms, expires_ms FROM tokens"
            " ORDER BY created_ms, rowid") {}

bool SqliteTokens::insert(const TokenRecord& record) {
  insert_.start()
      .bind(record.id.view())
      .bind(std::span<const unsigned char>(record.digest))
      .bind(record.user.view())
      .bind(record.name.view())
      .bind(record.created);
  if (record.expires == WallTime::max()) return insert_.bind_null().run();
  return insert_.bind(record.expires).run();
}

bool SqliteTokens::remove(std::string_view id) {
  return remove_.start().bind(id).run();
}

bool SqliteTokens::remove_expired(WallTime now) {
  return remove_expired_.start().bind(now).run();
}

bool SqliteTokens::contains(std::string_view id, bool& found) {
  contains_.start().bind(id);
  found = contains_.next();
  return contains_.finish();
}

bool SqliteTokens::count(std::size_t& tokens) {
  count_.start();
  if (count_.next()) tokens = static_cast<std::size_t>(count_.integer(0));
  return count_.finish();
}

bool SqliteTokens::read(std::vector<TokenRecord>& records) {
  read_.start();
  while (read_.next()) {
    TokenRecord record;
    if (read_row(read_, record)) records.push_back(record);
  }
  return read_.finish();
}

}  // namespace bellhop
