#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/instant.h"
#include "store/sqlite_statement.h"
#include "store/store.h"

struct sqlite3;

namespace bellhop {

struct SqliteOptions {
  /// How long a writer waits for another process: next to nothing on the gateway's loop.
  Duration busy_timeout{10};
  /// What open() does with a file that is no sound database of ours.
  bool put_aside = true;
};

/// One SQLite file in WAL mode with synchronous=FULL: what commit() has confirmed survives a power
/// cut. Knows the schema and its history; the row classes know what is in the tables.
class SqliteDatabase final : public Transactions {
 public:
  explicit SqliteDatabase(const SqliteOptions& options = {});
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  /// Opens or creates `path`, and brings an older schema up to date. A file that is no sound
  /// database of ours is put aside under another name, loudly, and a new one begun. A sound one
  /// that cannot be opened now (full disk, lock, rights) is left alone: false, and every begin()
  /// tries again.
  bool open(const std::string& path);

  [[nodiscard]] bool begin() override;
  [[nodiscard]] bool commit() override;
  void rollback();
  [[nodiscard]] std::string_view error() const override { return error_; }
  [[nodiscard]] bool busy() const override { return busy_; }

  /// A value that differs from an earlier one when another process has written in between, or the
  /// file was opened anew; nullopt while that cannot be told.
  [[nodiscard]] std::optional<std::uint64_t> version();

  // --- For SqliteStatement -----------------------------------------------------------------------

  [[nodiscard]] sqlite3* handle() const { return database_.get(); }  ///< null: not open
  /// Another number after each opening.
  [[nodiscard]] std::uint32_t generation() const { return generation_; }
  /// Notes the error of the last call and undoes the transaction; false, for a return.
  bool failed();

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const;
  };

  [[nodiscard]] bool open_once();
  [[nodiscard]] bool check_integrity();
  [[nodiscard]] bool ensure_schema();
  [[nodiscard]] bool migrate(std::int64_t found);
  [[nodiscard]] bool check_schema();
  void put_aside();
  [[nodiscard]] bool execute(const char* sql);

  SqliteOptions options_;
  std::string path_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::uint32_t generation_ = 0;
  SqliteStatement begin_;
  SqliteStatement commit_;
  SqliteStatement data_version_;
  std::string error_;
  bool unsound_ = false;  ///< the last error is about what is in the file
  bool busy_ = false;
};

}  // namespace bellhop
