#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/instant.h"

struct sqlite3_stmt;

namespace bellhop {

class SqliteDatabase;

/// One SQL statement, prepared at its first use and again when the database was opened anew. To
/// write: `put.start().bind(1).bind("a").run()`. To read: `read.start(); while (read.next()) ...
/// read.text(0) ...; return read.finish();`. Statements end before their database.
class SqliteStatement {
 public:
  SqliteStatement(SqliteDatabase& database, const char* sql);
  ~SqliteStatement();
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  /// Begins a use of it; parameters are then bound in order and must live until run() or finish().
  SqliteStatement& start();
  SqliteStatement& bind(std::int64_t value);
  SqliteStatement& bind(WallTime time);  ///< milliseconds since 1970
  SqliteStatement& bind(std::string_view text);
  SqliteStatement& bind(std::span<const unsigned char> bytes);
  SqliteStatement& bind_null();

  /// Runs a statement that gives no rows. False: the database's error() says why.
  [[nodiscard]] bool run();

  /// The next row; false at the end and on an error.
  [[nodiscard]] bool next();
  // Columns of the row, valid until the next call of next() or finish().
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] WallTime time(int column) const { return WallTime{Duration{integer(column)}}; }
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const unsigned char> bytes(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  /// Ends the reading, also early; false when an error ended it. A statement left on a row would
  /// keep the WAL from ever being checkpointed.
  [[nodiscard]] bool finish();

  /// The database is about to be closed: a statement of it would keep its locks.
  void forget() { statement_.reset(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  void note(int result);

  SqliteDatabase& database_;
  const char* sql_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int parameter_ = 0;
  bool good_ = false;
};

}  // namespace bellhop
