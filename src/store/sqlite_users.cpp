#include "store/sqlite_users.h"

namespace bellhop {

SqliteUsers::SqliteUsers(SqliteDatabase& database)
    : clear_(database, "DELETE FROM users"),
      put_(database, "INSERT OR REPLACE INTO users VALUES(?,?,?,?,?)"),
      remove_(database, "DELETE FROM users WHERE slot=?"),
      read_(database, "SELECT id, name, online, last_seen_ms FROM users ORDER BY slot") {}

bool SqliteUsers::clear() {
  return clear_.start().run();
}

bool SqliteUsers::put(UserSlot slot, const UserRow& row) {
  return put_.start()
      .bind(slot)
      .bind(row.id)
      .bind(row.name)
      .bind(row.online ? 1 : 0)
      .bind(row.last_seen)
      .run();
}

bool SqliteUsers::remove(UserSlot slot) {
  return remove_.start().bind(slot).run();
}

bool SqliteUsers::read(UserReader& reader) {
  read_.start();
  while (read_.next()) {
    reader.user({.id = read_.text(0),
                 .name = read_.text(1),
                 .online = read_.integer(2) != 0,
                 .last_seen = read_.time(3)});
  }
  return read_.finish();
}

}  // namespace bellhop
