#pragma once
#include "store/sqlite_statement.h"
#include "store/store.h"

namespace bellhop {

class SqliteNumbers final : public NumberRows {
 public:
  explicit SqliteNumbers(SqliteDatabase& database);

  [[nodiscard]] bool clear() override;
  [[nodiscard]] bool put(std::uint64_t mark) override;
  [[nodiscard]] bool read(std::uint64_t& mark) override;

 private:
  SqliteStatement clear_;
  SqliteStatement put_;
  SqliteStatement read_;
};

}  // namespace bellhop
