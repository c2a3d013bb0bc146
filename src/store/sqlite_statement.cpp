#include "store/sqlite_statement.h"

#include <sqlite3.h>

#include <vector>

#include "store/sqlite_database.h"

namespace bellhop {

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(SqliteDatabase& database, const char* sql)
    : database_(database), sql_(sql) {
  database_.statements().push_back(this);
}

SqliteStatement::~SqliteStatement() {
  std::erase(database_.statements(), this);
}

void SqliteStatement::note(int result) {
  if (good_ && result != SQLITE_OK) good_ = database_.failed();
}

SqliteStatement& SqliteStatement::start() {
  parameter_ = 0;
  good_ = database_.handle() != nullptr;
  if (!good_ || statement_) return *this;
  sqlite3_stmt* raw = nullptr;
  const int result =
      sqlite3_prepare_v3(database_.handle(), sql_, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  statement_.reset(raw);
  note(result);
  return *this;
}

SqliteStatement& SqliteStatement::bind(std::int64_t value) {
  if (good_) note(sqlite3_bind_int64(statement_.get(), ++parameter_, value));
  return *this;
}

SqliteStatement& SqliteStatement::bind(WallTime time) {
  return bind(time.time_since_epoch().count());
}

SqliteStatement& SqliteStatement::bind(std::string_view text) {
  if (good_) {
    note(sqlite3_bind_text(statement_.get(), ++parameter_, text.data(),
                           static_cast<int>(text.size()), SQLITE_STATIC));
  }
  return *this;
}

SqliteStatement& SqliteStatement::bind(std::span<const unsigned char> bytes) {
  if (good_) {
    note(sqlite3_bind_blob(statement_.get(), ++parameter_, bytes.data(),
                           static_cast<int>(bytes.size()), SQLITE_STATIC));
  }
  return *this;
}

SqliteStatement& SqliteStatement::bind_null() {
  if (good_) note(sqlite3_bind_null(statement_.get(), ++parameter_));
  return *this;
}

bool SqliteStatement::run() {
  [[maybe_unused]] const bool row = next();
  return finish();
}

bool SqliteStatement::next() {
  if (!good_) return false;
  const int result = sqlite3_step(statement_.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE) note(result);
  return result == SQLITE_ROW;
}

bool SqliteStatement::finish() {
  if (!statement_) return false;
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  return good_;
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqliteStatement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return text == nullptr ? std::string_view{}
                         : std::string_view(text, static_cast<std::size_t>(size));
}

std::span<const unsigned char> SqliteStatement::bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const unsigned char*>(bytes), static_cast<std::size_t>(size)};
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

}  // namespace bellhop
