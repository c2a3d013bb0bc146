#include "store/sqlite_store.h"

#include <sqlite3.h>

#include <cstdio>

#include "base/log.h"

namespace bellhop {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr const char* kSettings =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=100;";
constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE rooms("
    " slot INTEGER PRIMARY KEY, name TEXT NOT NULL, created_ms INTEGER NOT NULL);"
    "CREATE TABLE memberships("
    " slot INTEGER PRIMARY KEY, room INTEGER NOT NULL, sid TEXT NOT NULL, rule TEXT NOT NULL,"
    " since_ms INTEGER NOT NULL);"
    "PRAGMA user_version=1;"
    "COMMIT;";

void bind_text(sqlite3_stmt* statement, int column, std::string_view text) {
  sqlite3_bind_text(statement, column, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

std::string_view column_text(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  const int size = sqlite3_column_bytes(statement, column);
  return text == nullptr ? std::string_view{}
                         : std::string_view(text, static_cast<std::size_t>(size));
}

}  // namespace

void SqliteStore::CloseDatabase::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);  // statements may outlive it for a moment
}
void SqliteStore::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStore::SqliteStore() = default;
SqliteStore::~SqliteStore() = default;

bool SqliteStore::open(const std::string& path) {
  path_ = path;
  bool opened = open_once();
  if (!opened && unsound_) {
    put_aside();
    opened = open_once();
  }
  if (!opened) database_.reset();
  return opened;
}

void SqliteStore::put_aside() {
  const std::string aside = path_ + ".unreadable";
  log_event(LogLevel::error, "store_put_aside",
            {{"file", path_}, {"to", aside}, {"reason", error_}});
  database_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::rename((path_ + suffix).c_str(), (aside + suffix).c_str());
  }
}

bool SqliteStore::open_once() {
  sqlite3* database = nullptr;
  const int result = sqlite3_open(path_.c_str(), &database);
  database_.reset(database);
  if (result != SQLITE_OK) return failed();
  return check_integrity() && execute(kSettings) && ensure_schema() && prepare_all();
}

bool SqliteStore::check_integrity() {
  Statement check;
  if (!prepare(check, "PRAGMA quick_check(1)")) return false;
  if (sqlite3_step(check.get()) != SQLITE_ROW) return failed();
  const std::string_view verdict = column_text(check.get(), 0);
  unsound_ = verdict != "ok";
  if (unsound_) error_ = verdict;
  return !unsound_;
}

bool SqliteStore::ensure_schema() {
  Statement version;
  if (!prepare(version, "PRAGMA user_version")) return false;
  if (sqlite3_step(version.get()) != SQLITE_ROW) return failed();
  const std::int64_t found = sqlite3_column_int64(version.get(), 0);
  version.reset();
  if (found == kVersion) return true;  // a start writes nothing: the disk may be full
  if (found == 0) return execute(kSchema);
  unsound_ = true;
  error_ = "schema version " + std::to_string(found) + " is not known";
  return false;
}

bool SqliteStore::prepare_all() {
  return prepare(begin_, "BEGIN IMMEDIATE") && prepare(commit_, "COMMIT") &&
         prepare(put_room_, "INSERT OR REPLACE INTO rooms VALUES(?,?,?)") &&
         prepare(remove_room_, "DELETE FROM rooms WHERE slot=?") &&
         prepare(put_membership_, "INSERT OR REPLACE INTO memberships VALUES(?,?,?,?,?)") &&
         prepare(remove_membership_, "DELETE FROM memberships WHERE slot=?") &&
         prepare(read_rooms_,
                 "SELECT name, created_ms, coalesce(members, 0) FROM rooms LEFT JOIN"
                 " (SELECT room, count(*) AS members FROM memberships GROUP BY room)"
                 " ON room=slot ORDER BY slot");
}

bool SqliteStore::prepare(Statement& statement, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int result =
      sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  statement.reset(raw);
  return result == SQLITE_OK || failed();
}

bool SqliteStore::execute(const char* sql) {
  return sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK || failed();
}

bool SqliteStore::run(const Statement& statement) {
  const int result = sqlite3_step(statement.get());
  const bool done = result == SQLITE_DONE || failed();
  sqlite3_reset(statement.get());
  sqlite3_clear_bindings(statement.get());
  return done;
}

bool SqliteStore::failed() {
  const int code = sqlite3_errcode(database_.get());
  unsound_ = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR;
  error_ = sqlite3_errmsg(database_.get());
  if (sqlite3_get_autocommit(database_.get()) == 0) {
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  return false;
}

bool SqliteStore::begin() {
  return (database_ != nullptr || open(path_)) && run(begin_);
}
bool SqliteStore::clear() {
  return execute("DELETE FROM rooms; DELETE FROM memberships");
}
bool SqliteStore::commit() {
  return run(commit_);
}

bool SqliteStore::put_room(std::uint32_t slot, std::string_view name, WallTime created) {
  sqlite3_bind_int64(put_room_.get(), 1, slot);
  bind_text(put_room_.get(), 2, name);
  sqlite3_bind_int64(put_room_.get(), 3, created.time_since_epoch().count());
  return run(put_room_);
}

bool SqliteStore::remove_room(std::uint32_t slot) {
  sqlite3_bind_int64(remove_room_.get(), 1, slot);
  return run(remove_room_);
}

bool SqliteStore::put_membership(std::uint32_t slot, std::uint32_t room, std::string_view sid,
                                 EntryRule rule, WallTime since) {
  sqlite3_bind_int64(put_membership_.get(), 1, slot);
  sqlite3_bind_int64(put_membership_.get(), 2, room);
  bind_text(put_membership_.get(), 3, sid);
  bind_text(put_membership_.get(), 4, entry_rule_name(rule));
  sqlite3_bind_int64(put_membership_.get(), 5, since.time_since_epoch().count());
  return run(put_membership_);
}

bool SqliteStore::remove_membership(std::uint32_t slot) {
  sqlite3_bind_int64(remove_membership_.get(), 1, slot);
  return run(remove_membership_);
}

bool SqliteStore::read_rooms(RoomReader& reader) {
  if (database_ == nullptr) return false;
  sqlite3_stmt* statement = read_rooms_.get();
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
    const WallTime created{Duration{sqlite3_column_int64(statement, 1)}};
    reader.room(column_text(statement, 0), created,
                static_cast<std::size_t>(sqlite3_column_int64(statement, 2)));
  }
  const bool done = result == SQLITE_DONE || failed();
  sqlite3_reset(statement);
  return done;
}

}  // namespace bellhop
