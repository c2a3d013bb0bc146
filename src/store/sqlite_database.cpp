#include "store/sqlite_database.h"

#include <sqlite3.h>

#include <array>

#include "base/log.h"
#include "store/kept_aside.h"
#include "store/sqlite_memory.h"

namespace bellhop {
namespace {

constexpr const char* kSettings =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=100;";

/// Step N leads from schema version N to N + 1. Steps that have been released never change.
constexpr std::array kMigrations = {
    "CREATE TABLE rooms("
    " slot INTEGER PRIMARY KEY, name TEXT NOT NULL, created_ms INTEGER NOT NULL);"
    "CREATE TABLE memberships("
    " slot INTEGER PRIMARY KEY, room INTEGER NOT NULL, sid TEXT NOT NULL, rule TEXT NOT NULL,"
    " since_ms INTEGER NOT NULL);",

    "CREATE TABLE tokens("
    " id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, user TEXT NOT NULL, name TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL, expires_ms INTEGER);",

    "CREATE TABLE users("
    " slot INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, online INTEGER NOT NULL,"
    " last_seen_ms INTEGER NOT NULL);"
    "CREATE TABLE calls("
    " slot INTEGER PRIMARY KEY, id INTEGER NOT NULL, caller TEXT NOT NULL, callee TEXT NOT NULL,"
    " state TEXT NOT NULL, ending TEXT NOT NULL, missed INTEGER NOT NULL,"
    " started_ms INTEGER NOT NULL, accepted_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,"
    " message TEXT NOT NULL);",

    "CREATE TABLE numbers(slot INTEGER PRIMARY KEY, mark INTEGER NOT NULL);",
};
constexpr auto kVersion = static_cast<std::int64_t>(kMigrations.size());

/// What the row classes rely on: a file whose tables are others is not ours.
constexpr std::array kColumns = {
    "SELECT slot, name, created_ms FROM rooms",
    "SELECT slot, room, sid, rule, since_ms FROM memberships",
    "SELECT id, digest, user, name, created_ms, expires_ms FROM tokens",
    "SELECT slot, id, name, online, last_seen_ms FROM users",
    "SELECT slot, id, caller, callee, state, ending, missed, started_ms, accepted_ms, ended_ms,"
    " message FROM calls",
    "SELECT slot, mark FROM numbers",
};

}  // namespace

void SqliteDatabase::CloseDatabase::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

SqliteDatabase::SqliteDatabase(const SqliteOptions& options)
    : options_(options),
      begin_(*this, "BEGIN IMMEDIATE"),
      commit_(*this, "COMMIT"),
      data_version_(*this, "PRAGMA data_version") {}

SqliteDatabase::~SqliteDatabase() {
  close();
}

void SqliteDatabase::close() {
  for (SqliteStatement* statement : statements_) statement->forget();
  database_.reset();
}

bool SqliteDatabase::open(const std::string& path) {
  path_ = path;
  bool opened = open_once(Sharing::shared);
  if (!opened && unsound_ && options_.put_aside) {
    put_aside();
    opened = open_once(Sharing::shared);
  }
  if (!opened && !unsound_ && !busy_) opened = open_once(Sharing::alone);
  if (!opened) close();
  return opened;
}

void SqliteDatabase::put_aside() {
  // What is in the WAL stays there: folding it into a damaged file would make things worse.
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  close();
  const std::string to = keep_aside(path_);
  log_event(LogLevel::error, "store_put_aside", {{"file", path_}, {"to", to}, {"reason", error_}});
}

std::size_t SqliteDatabase::files_put_aside() const {
  return count_kept_aside(path_);
}

bool SqliteDatabase::open_once(Sharing sharing) {
  close();
  allocate_mapped_files();
  sqlite3* database = nullptr;
  const int result = sqlite3_open(path_.c_str(), &database);
  database_.reset(database);
  ++generation_;
  alone_ = sharing == Sharing::alone;
  if (result != SQLITE_OK) return failed();
  set_busy_timeout(options_.busy_timeout);
  return (!alone_ || execute("PRAGMA locking_mode=EXCLUSIVE")) && check_integrity() &&
         execute(kSettings) && ensure_schema();
}

void SqliteDatabase::set_busy_timeout(Duration timeout) {
  options_.busy_timeout = timeout;
  if (database_ == nullptr) return;
  sqlite3_busy_timeout(database_.get(), static_cast<int>(timeout.count()));
}

bool SqliteDatabase::check_integrity() {
  SqliteStatement check(*this, "PRAGMA quick_check(1)");
  check.start();
  const bool told = check.next();
  const std::string verdict(told ? check.text(0) : "");
  if (!check.finish() || !told) return false;
  unsound_ = verdict != "ok";
  if (unsound_) error_ = verdict;
  return !unsound_;
}

bool SqliteDatabase::ensure_schema() {
  SqliteStatement version(*this, "PRAGMA user_version");
  version.start();
  const bool told = version.next();
  const std::int64_t found = told ? version.integer(0) : 0;
  if (!version.finish() || !told) return false;
  if (found == kVersion) return check_schema();  // a start writes nothing: the disk may be full
  if (found >= 0 && found < kVersion) return migrate(found);
  unsound_ = true;
  error_ = "schema version " + std::to_string(found) + " is not known";
  return false;
}

bool SqliteDatabase::migrate(std::int64_t found) {
  if (!begin_.start().run()) return false;
  for (std::int64_t version = found; version < kVersion; ++version) {
    if (!execute(kMigrations[static_cast<std::size_t>(version)])) return false;
  }
  const std::string mark = "PRAGMA user_version=" + std::to_string(kVersion);
  return execute(mark.c_str()) && check_schema() && commit_.start().run();
}

bool SqliteDatabase::check_schema() {
  for (const char* columns : kColumns) {
    SqliteStatement look(*this, columns);
    look.start();
    if (!look.finish()) return false;
  }
  return true;
}

bool SqliteDatabase::execute(const char* sql) {
  return sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK || failed();
}

bool SqliteDatabase::failed() {
  const int code = sqlite3_errcode(database_.get());
  const int detail = sqlite3_extended_errcode(database_.get());
  unsound_ = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR ||
             detail == SQLITE_IOERR_CORRUPTFS;  // the disk does not give it back
  busy_ = code == SQLITE_BUSY || code == SQLITE_LOCKED;
  error_ = sqlite3_errmsg(database_.get());
  rollback();
  return false;
}

void SqliteDatabase::rollback() {
  if (database_ != nullptr && sqlite3_get_autocommit(database_.get()) == 0) {
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

bool SqliteDatabase::begin() {
  return (database_ != nullptr || open(path_)) && begin_.start().run();
}

bool SqliteDatabase::commit() {
  if (!commit_.start().run()) return false;
  if (alone_) open(path_);  // there is room again: let others in
  return true;
}

std::optional<std::uint64_t> SqliteDatabase::version() {
  data_version_.start();
  const bool told = data_version_.next();
  const auto version = static_cast<std::uint64_t>(told ? data_version_.integer(0) : 0);
  if (!data_version_.finish() || !told) return std::nullopt;
  return std::uint64_t{generation_} << 32U | (version & 0xffffffffU);
}

}  // namespace bellhop
