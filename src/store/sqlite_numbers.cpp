#include "store/sqlite_numbers.h"

namespace bellhop {
namespace {

/// None that the program has written is greater: somebody has been at the file.
constexpr std::int64_t kGreatest = std::int64_t{1} << 62U;

}  // namespace

SqliteNumbers::SqliteNumbers(SqliteDatabase& database)
    : clear_(database, "DELETE FROM numbers"),
      put_(database, "INSERT OR REPLACE INTO numbers VALUES(0,?)"),
      read_(database, "SELECT mark FROM numbers") {}

bool SqliteNumbers::clear() {
  return clear_.start().run();
}

bool SqliteNumbers::put(std::uint64_t mark) {
  return put_.start().bind(static_cast<std::int64_t>(mark)).run();
}

bool SqliteNumbers::read(std::uint64_t& mark) {
  mark = 0;
  read_.start();
  if (read_.next()) {
    const std::int64_t found = read_.integer(0);
    if (found > 0 && found <= kGreatest) mark = static_cast<std::uint64_t>(found);
  }
  return read_.finish();
}

}  // namespace bellhop
