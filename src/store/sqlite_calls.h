#pragma once
#include "store/sqlite_statement.h"
#include "store/store.h"

namespace bellhop {

class SqliteCalls final : public CallRows {
 public:
  explicit SqliteCalls(SqliteDatabase& database);

  [[nodiscard]] bool clear() override;
  [[nodiscard]] bool put(CallSlot slot, const Call& call) override;
  [[nodiscard]] bool read(CallReader& reader) override;

 private:
  SqliteStatement clear_;
  SqliteStatement put_;
  SqliteStatement read_;
};

}  // namespace bellhop
