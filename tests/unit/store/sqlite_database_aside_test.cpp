// Files that are none of ours, and others that cannot be used.
#include <algorithm>

#include "support/room_file.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP_BASE(SqliteDatabaseAside, RoomFileRig){};

TEST(SqliteDatabaseAside, AnUnreadableFileIsPutAside) {
  folder.put("bellhop.db",
             "this is no database, but it may be somebody's: " + std::string(5000, 'x'));
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK_EQUAL("this is no database"sv,
              std::string_view(folder.get("bellhop.db.unreadable")).substr(0, 19));
}

TEST(SqliteDatabaseAside, ADamagedFileIsPutAside) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  store.reset();
  std::string bytes = folder.get("bellhop.db");
  CHECK(bytes.size() > 8192);
  for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = '\x5a';
  folder.put("bellhop.db", bytes);
  store = std::make_unique<RoomFile>();
  CHECK(store->database.open(path));
  CHECK_EQUAL(""sv, std::string_view(read()));
  CHECK(folder.get("bellhop.db.unreadable") == bytes);
}

TEST(SqliteDatabaseAside, AnotherProgramsTablesArePutAside) {
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("CREATE TABLE rooms(x); PRAGMA user_version=1"));
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK(folder.get("bellhop.db.unreadable").starts_with("SQLite format 3"));
}

TEST(SqliteDatabaseAside, ANewerProgramsFileIsPutAside) {
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("CREATE TABLE things(x); PRAGMA user_version=99"));
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK_EQUAL("99\n"sv,
              std::string_view(Outside(path + ".unreadable").rows("PRAGMA user_version")));
}

TEST(SqliteDatabaseAside, AnEmptyFileIsANewOne) {
  folder.put("bellhop.db", "");
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK_EQUAL(""sv, std::string_view(folder.get("bellhop.db.unreadable")));
}

TEST(SqliteDatabaseAside, AVisitorPutsNothingAside) {
  folder.put("bellhop.db", "this is no database: " + std::string(5000, 'x'));
  store = std::make_unique<RoomFile>(SqliteOptions{.put_aside = false});
  CHECK_FALSE(store->database.open(path));
  CHECK(!store->database.error().empty());
  LONGS_EQUAL(1, folder.count());
}

TEST(SqliteDatabaseAside, ADamagedFileIsPutAsideWithItsWal) {
  CHECK(store->database.open(path));
  run_again();
  killed_after([this] {
    if (!store->database.open(path) || !store->write_room(1, "a")) _exit(1);
  });
  std::string bytes = folder.get("bellhop.db");
  const std::string wal = folder.get("bellhop.db-wal");
  CHECK(wal.size() > 4096);
  for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = '\x5a';
  folder.put("bellhop.db", bytes);
  CHECK(store->database.open(path));
  CHECK(folder.get("bellhop.db.unreadable") == bytes);
  CHECK(folder.get("bellhop.db.unreadable-wal") == wal);
  CHECK_EQUAL(""sv, std::string_view(read()));
}

TEST(SqliteDatabaseAside, AFileOnABadSpotOfTheDiskIsPutAside) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  run_again();
  {
    const BadSpot spot(path);
    CHECK(store->database.open(path));
    CHECK(store->write_room(2, "b"));
  }
  CHECK_EQUAL("b@1700000000123 0\n"sv, std::string_view(read()));
  CHECK_EQUAL("a\n"sv,
              std::string_view(Outside(path + ".unreadable").rows("SELECT name FROM rooms")));
}

TEST(SqliteDatabaseAside, TheFirstFilesPutAsideAreKeptAndTheLastOne) {
  for (int i = 1; i <= 5; ++i) {
    store.reset();
    folder.put("bellhop.db", std::to_string(i) + std::string(5000, 'x'));
    store = std::make_unique<RoomFile>();
    CHECK(store->database.open(path));
    CHECK(store->write_room(1, "a"));
    LONGS_EQUAL(std::min(i, 3), store->database.files_put_aside());
  }
  store.reset();
  CHECK_EQUAL('1', folder.get("bellhop.db.unreadable")[0]);
  CHECK_EQUAL('2', folder.get("bellhop.db.unreadable.2")[0]);
  CHECK_EQUAL('5', folder.get("bellhop.db.unreadable.3")[0]);
  LONGS_EQUAL(4, folder.count());
}
