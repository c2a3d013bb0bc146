#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "store/sqlite_statement.h"
#include "store/store.h"

struct sqlite3;

namespace bellhop {

/// How long a writer on the gateway's loop waits for another process: next to nothing.
inline constexpr Duration kLoopPatience{10};

struct SqliteOptions {
  /// How long a writer waits for another process.
  Duration busy_timeout = kLoopPatience;
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
  /// that cannot be opened now (lock, rights) is left alone: false, and every begin() tries again.
  /// On a full disk it can be read, and until something can be written other processes are kept
  /// out.
  bool open(const std::string& path);
  /// How many files that were put aside are still beside `path`.
  [[nodiscard]] std::size_t files_put_aside() const;
  /// From now on a writer, and who recovers a WAL, waits so long for another process.
  void set_busy_timeout(Duration timeout);

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
  /// All that there are.
  [[nodiscard]] std::vector<SqliteStatement*>& statements() { return statements_; }
  /// Notes the error of the last call and undoes the transaction; false, for a return.
  bool failed();

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const;
  };

  /// alone: without the memory that processes share, which is a file.
  enum class Sharing : std::uint8_t { shared, alone };
  [[nodiscard]] bool open_once(Sharing sharing);
  [[nodiscard]] bool check_integrity();
  [[nodiscard]] bool ensure_schema();
  [[nodiscard]] bool migrate(std::int64_t found);
  [[nodiscard]] bool check_schema();
  void put_aside();
  void close();
  [[nodiscard]] bool execute(const char* sql);

  SqliteOptions options_;
  std::string path_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::uint32_t generation_ = 0;  ///< another number after each opening
  std::vector<SqliteStatement*> statements_;
  SqliteStatement begin_;
  SqliteStatement commit_;
  SqliteStatement data_version_;
  std::string error_;
  bool unsound_ = false;  ///< the last error is about what is in the file
  bool alone_ = false;    ///< it could not be opened as it should be
  bool busy_ = false;
};

}  // namespace bellhop
