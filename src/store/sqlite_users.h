#pragma once
#include "store/sqlite_statement.h"
#include "store/store.h"

namespace bellhop {

class SqliteUsers final : public UserRows {
 public:
  explicit SqliteUsers(SqliteDatabase& database);

  [[nodiscard]] bool clear() override;
  [[nodiscard]] bool put(UserSlot slot, const UserRow& row) override;
  [[nodiscard]] bool remove(UserSlot slot) override;
  [[nodiscard]] bool read(UserReader& reader) override;

 private:
  SqliteStatement clear_;
  SqliteStatement put_;
  SqliteStatement remove_;
  SqliteStatement read_;
};

}  // namespace bellhop
