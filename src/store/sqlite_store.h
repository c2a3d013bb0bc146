#pragma once
#include <memory>
#include <string>

#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bellhop {

/// One SQLite file in WAL mode with synchronous=FULL: what commit() has confirmed survives a power
/// cut. Statements are prepared once.
class SqliteStore final : public Store {
 public:
  SqliteStore();
  ~SqliteStore() override;
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  /// Opens or creates `path`. A file that is no sound database of ours is put aside under another
  /// name, loudly, and a new one begun. A sound one that cannot be opened now (full disk, lock,
  /// rights) is left alone: false, and every begin() tries again.
  bool open(const std::string& path);

  [[nodiscard]] bool begin() override;
  [[nodiscard]] bool clear() override;
  [[nodiscard]] bool put_room(std::uint32_t slot, std::string_view name, WallTime created) override;
  [[nodiscard]] bool remove_room(std::uint32_t slot) override;
  [[nodiscard]] bool put_membership(std::uint32_t slot, std::uint32_t room, std::string_view sid,
                                    EntryRule rule, WallTime since) override;
  [[nodiscard]] bool remove_membership(std::uint32_t slot) override;
  [[nodiscard]] bool commit() override;
  [[nodiscard]] bool read_rooms(RoomReader& reader) override;
  [[nodiscard]] std::string_view error() const override { return error_; }

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  [[nodiscard]] bool open_once();
  [[nodiscard]] bool check_integrity();
  [[nodiscard]] bool ensure_schema();
  [[nodiscard]] bool prepare_all();
  void put_aside();
  [[nodiscard]] bool prepare(Statement& statement, const char* sql);
  [[nodiscard]] bool execute(const char* sql);
  /// Runs a prepared statement that gives no rows, and resets it at once: a statement left on a
  /// row keeps the WAL from ever being checkpointed.
  [[nodiscard]] bool run(const Statement& statement);
  bool failed();

  std::string path_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  Statement begin_;
  Statement commit_;
  Statement put_room_;
  Statement remove_room_;
  Statement put_membership_;
  Statement remove_membership_;
  Statement read_rooms_;
  std::string error_;
  bool unsound_ = false;  ///< the last error is about what is in the file
};

}  // namespace bellhop
