#include "store/sqlite_database.h"

#include <memory>
#include <string>

#include "platform/temporary_folder.h"
#include "store/sqlite_rooms.h"
#include "support/sqlite_file.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr WallTime kThen{Duration{1700000000123}};

class Collect final : public RoomReader {
 public:
  void room(std::string_view name, WallTime created, std::size_t members) override {
    text.append(name).append("@").append(std::to_string(created.time_since_epoch().count()));
    text.append(" ").append(std::to_string(members)).append("\n");
  }
  std::string text;
};

/// The file with the rows of rooms.
struct Store {
  explicit Store(const SqliteOptions& options = {}) : database(options) {}

  bool write_room(std::uint32_t slot, std::string_view name) {
    return database.begin() && rows.put_room(slot, name, kThen) && database.commit();
  }

  SqliteDatabase database;
  SqliteRooms rows{database};
};

}  // namespace

TEST_GROUP(SqliteDatabase) {
  TemporaryFolder folder;
  std::string path = folder.file("bellhop.db");
  std::unique_ptr<Store> store = std::make_unique<Store>();

  void reopen() {
    store.reset();
    store = std::make_unique<Store>();
    CHECK(store->database.open(path));
  }
  std::string read() {
    Collect collect;
    CHECK(store->rows.read(collect));
    return collect.text;
  }
};

TEST(SqliteDatabase, BeginsEmptyInAFileOfItsOwn) {
  CHECK(store->database.open(path));
  CHECK_EQUAL(""sv, std::string_view(read()));
  CHECK_EQUAL("wal\n"sv, std::string_view(Outside(path).rows("PRAGMA journal_mode")));
  CHECK_EQUAL("4\n"sv, std::string_view(Outside(path).rows("PRAGMA user_version")));
}

TEST(SqliteDatabase, RowsAreThereAfterTheCommitAndAfterReopening) {
  CHECK(store->database.open(path));
  CHECK(store->database.begin());
  CHECK(store->rows.put_room(7, "456", kThen));
  CHECK(store->rows.put_room(8, "呼叫", kThen));
  CHECK(store->rows.put_membership(1, 7, "sidA", EntryRule::last, kThen));
  CHECK(store->rows.put_membership(2, 7, "sidB", EntryRule::whenever, kThen));
  CHECK_EQUAL("0\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM rooms")));
  CHECK(store->database.commit());
  for (int i = 0; i < 2; ++i) {
    CHECK_EQUAL("456@1700000000123 2\n呼叫@1700000000123 0\n"sv, std::string_view(read()));
    CHECK_EQUAL("1|7|sidA|loginWhenLast|1700000000123\n2|7|sidB|loginWhenever|1700000000123\n"sv,
                std::string_view(Outside(path).rows("SELECT * FROM memberships ORDER BY slot")));
    reopen();
  }
}

TEST(SqliteDatabase, APutReplacesAndARemoveNeedsNoRow) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK(store->write_room(1, "b"));
  CHECK_EQUAL("b@1700000000123 0\n"sv, std::string_view(read()));
  CHECK(store->database.begin());
  CHECK(store->rows.put_membership(1, 1, "s", EntryRule::first, kThen));
  CHECK(store->rows.remove_membership(1));
  CHECK(store->rows.remove_membership(1));
  CHECK(store->rows.remove_room(1));
  CHECK(store->rows.remove_room(99));
  CHECK(store->database.commit());
  CHECK_EQUAL(""sv, std::string_view(read()));
  CHECK_EQUAL("0\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM memberships")));
}

TEST(SqliteDatabase, ClearRemovesEveryRowOfTheTransactionsPast) {
  CHECK(store->database.open(path));
  CHECK(store->database.begin());
  CHECK(store->rows.put_room(1, "a", kThen));
  CHECK(store->rows.put_membership(1, 1, "s", EntryRule::first, kThen));
  CHECK(store->database.commit());
  CHECK(store->database.begin());
  CHECK(store->rows.clear());
  CHECK(store->rows.put_room(0, "b", kThen));
  CHECK(store->database.commit());
  CHECK_EQUAL("b@1700000000123 0\n"sv, std::string_view(read()));
  CHECK_EQUAL("0\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM memberships")));
}

TEST(SqliteDatabase, AStartWritesNothing) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  store.reset();  // the last one to close folds the WAL into the file
  const std::string before = folder.get("bellhop.db");
  store = std::make_unique<Store>();
  CHECK(store->database.open(path));
  store.reset();
  CHECK(before == folder.get("bellhop.db"));
}

// --- Cuts ----------------------------------------------------------------------------------------

TEST(SqliteDatabase, WhatWasCommittedSurvivesAKill) {
  killed_after([this] {
    if (!store->database.open(path) || !store->write_room(1, "kept")) _exit(1);
    if (!store->database.begin() || !store->rows.put_room(2, "unfinished", kThen)) _exit(2);
  });
  CHECK(store->database.open(path));
  CHECK_EQUAL("kept@1700000000123 0\n"sv, std::string_view(read()));
  CHECK_EQUAL("ok\n"sv, std::string_view(Outside(path).rows("PRAGMA integrity_check")));
}

TEST(SqliteDatabase, ManyKillsLeaveTheFileSound) {
  for (std::uint32_t round = 0; round < 10; ++round) {
    killed_after([this, round] {
      if (!store->database.open(path)) _exit(1);
      for (std::uint32_t i = 0; i <= round * 20; ++i) {
        if (!store->write_room(i, "room " + std::to_string(i))) _exit(2);
      }
    });
    CHECK_EQUAL("ok\n"sv, std::string_view(Outside(path).rows("PRAGMA integrity_check")));
  }
  CHECK_EQUAL("181\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM rooms")));
}

// --- Files that are none of ours -----------------------------------------------------------------

TEST(SqliteDatabase, AnUnreadableFileIsPutAside) {
  folder.put("bellhop.db",
             "this is no database, but it may be somebody's: " + std::string(5000, 'x'));
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK_EQUAL("this is no database"sv,
              std::string_view(folder.get("bellhop.db.unreadable")).substr(0, 19));
}

TEST(SqliteDatabase, ADamagedFileIsPutAside) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  store.reset();
  std::string bytes = folder.get("bellhop.db");
  CHECK(bytes.size() > 8192);
  for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = '\x5a';
  folder.put("bellhop.db", bytes);
  store = std::make_unique<Store>();
  CHECK(store->database.open(path));
  CHECK_EQUAL(""sv, std::string_view(read()));
  CHECK(folder.get("bellhop.db.unreadable") == bytes);
}

TEST(SqliteDatabase, AnotherProgramsTablesArePutAside) {
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("CREATE TABLE rooms(x); PRAGMA user_version=1"));
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK(folder.get("bellhop.db.unreadable").starts_with("SQLite format 3"));
}

TEST(SqliteDatabase, ANewerProgramsFileIsPutAside) {
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("CREATE TABLE things(x); PRAGMA user_version=99"));
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK_EQUAL("99\n"sv,
              std::string_view(Outside(path + ".unreadable").rows("PRAGMA user_version")));
}

TEST(SqliteDatabase, AnEmptyFileIsANewOne) {
  folder.put("bellhop.db", "");
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  CHECK_EQUAL(""sv, std::string_view(folder.get("bellhop.db.unreadable")));
}

TEST(SqliteDatabase, AVisitorPutsNothingAside) {
  folder.put("bellhop.db", "this is no database: " + std::string(5000, 'x'));
  store = std::make_unique<Store>(SqliteOptions{.put_aside = false});
  CHECK_FALSE(store->database.open(path));
  CHECK(!store->database.error().empty());
  LONGS_EQUAL(1, folder.count());
}

TEST(SqliteDatabase, ADamagedFileIsPutAsideWithItsWal) {
  CHECK(store->database.open(path));
  store.reset();
  store = std::make_unique<Store>();
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

TEST(SqliteDatabase, AFileOnABadSpotOfTheDiskIsPutAside) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  store.reset();
  store = std::make_unique<Store>();
  {
    const BadSpot spot(path);
    CHECK(store->database.open(path));
    CHECK(store->write_room(2, "b"));
  }
  CHECK_EQUAL("b@1700000000123 0\n"sv, std::string_view(read()));
  CHECK_EQUAL("a\n"sv,
              std::string_view(Outside(path + ".unreadable").rows("SELECT name FROM rooms")));
}

TEST(SqliteDatabase, TheFirstFilesPutAsideAreKeptAndTheLastOne) {
  for (int i = 1; i <= 5; ++i) {
    store.reset();
    folder.put("bellhop.db", std::to_string(i) + std::string(5000, 'x'));
    store = std::make_unique<Store>();
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

// --- Older schemas -------------------------------------------------------------------------------

TEST(SqliteDatabase, AFileOfTheFirstVersionIsBroughtUpToDateWithItsRows) {
  CHECK_EQUAL(SQLITE_OK,
              Outside(path).run(
                  "CREATE TABLE rooms(slot INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                  " created_ms INTEGER NOT NULL);"
                  "CREATE TABLE memberships(slot INTEGER PRIMARY KEY, room INTEGER NOT NULL,"
                  " sid TEXT NOT NULL, rule TEXT NOT NULL, since_ms INTEGER NOT NULL);"
                  "INSERT INTO rooms VALUES(3, 'old', 1700000000123);"
                  "INSERT INTO memberships VALUES(1, 3, 's', 'loginWhenFirst', 1700000000123);"
                  "PRAGMA user_version=1"));
  CHECK(store->database.open(path));
  CHECK_EQUAL("old@1700000000123 1\n"sv, std::string_view(read()));
  CHECK_EQUAL("4\n"sv, std::string_view(Outside(path).rows("PRAGMA user_version")));
  CHECK_EQUAL("0\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM tokens")));
  LONGS_EQUAL(0, std::filesystem::exists(path + ".unreadable"));
}

TEST(SqliteDatabase, AForeignFileIsPutAsideAsItWas) {
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("CREATE TABLE rooms(x); PRAGMA user_version=1"));
  CHECK(store->database.open(path));
  Outside aside(path + ".unreadable");
  CHECK_EQUAL("rooms\n"sv, std::string_view(aside.rows("SELECT name FROM sqlite_master")));
  CHECK_EQUAL("1\n"sv, std::string_view(aside.rows("PRAGMA user_version")));
}

// --- Another process -----------------------------------------------------------------------------

TEST(SqliteDatabase, TheVersionChangesWhenAnotherWrites) {
  CHECK(!store->database.version().has_value());
  CHECK(store->database.open(path));
  const auto before = store->database.version();
  CHECK(before.has_value());
  CHECK(store->write_room(1, "our own"));
  CHECK(store->database.version() == before);
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("DELETE FROM rooms"));
  const auto after = store->database.version();
  CHECK(after.has_value() && after != before);
  CHECK(store->database.version() == after);
}

TEST(SqliteDatabase, AnotherThatWritesMakesItBusyAndNothingElseDoes) {
  CHECK(store->database.open(path));
  Outside other(path);
  CHECK_EQUAL(SQLITE_OK, other.run("BEGIN IMMEDIATE"));
  CHECK_FALSE(store->database.begin());
  CHECK(store->database.busy());
  CHECK_EQUAL(SQLITE_OK, other.run("COMMIT; DROP TABLE memberships"));
  CHECK(store->database.begin());
  CHECK_FALSE(store->rows.remove_membership(1));
  CHECK_FALSE(store->database.busy());
}

// --- A disk that fails ---------------------------------------------------------------------------

TEST(SqliteDatabase, WithoutItsFolderItWaits) {
  path = folder.file("missing/bellhop.db");
  CHECK_FALSE(store->database.open(path));
  CHECK(!store->database.error().empty());
  Collect collect;
  CHECK_FALSE(store->rows.read(collect));
  CHECK_FALSE(store->database.begin());
  std::filesystem::create_directory(folder.file("missing"));
  CHECK(store->write_room(1, "a"));
  CHECK_EQUAL("a@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteDatabase, ALockedFileIsLeftAloneAndTriedAgain) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  Outside other(path);
  CHECK_EQUAL(SQLITE_OK, other.run("BEGIN IMMEDIATE"));
  CHECK_FALSE(store->database.begin());
  CHECK_EQUAL("database is locked"sv, store->database.error());
  reopen();
  CHECK_FALSE(store->database.begin());
  CHECK_EQUAL(""sv, std::string_view(folder.get("bellhop.db.unreadable")));
  CHECK_EQUAL(SQLITE_OK, other.run("COMMIT"));
  CHECK(store->write_room(2, "b"));
  CHECK_EQUAL("a@1700000000123 0\nb@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteDatabase, AFileThatIsLockedAtTheStartIsNotPutAside) {
  Outside other(path);
  CHECK_EQUAL(SQLITE_OK, other.run("CREATE TABLE theirs(x); BEGIN EXCLUSIVE"));
  CHECK_FALSE(store->database.open(path));
  CHECK_EQUAL("database is locked"sv, store->database.error());
  CHECK_FALSE(store->database.begin());
  LONGS_EQUAL(0, std::filesystem::exists(path + ".unreadable"));
  CHECK_EQUAL(SQLITE_OK, other.run("COMMIT"));
  CHECK(store->write_room(1, "a"));
}

TEST(SqliteDatabase, AFailedRowUndoesItsTransactionAndNoOther) {
  CHECK(store->database.open(path));
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("DROP TABLE memberships"));
  CHECK(store->database.begin());
  CHECK(store->rows.put_room(1, "undone", kThen));
  CHECK_FALSE(store->rows.put_membership(1, 1, "s", EntryRule::first, kThen));
  CHECK_EQUAL("no such table: memberships"sv, store->database.error());
  CHECK(store->write_room(2, "b"));
  CHECK_EQUAL("2|b\n"sv, std::string_view(Outside(path).rows("SELECT slot, name FROM rooms")));
}

TEST(SqliteDatabase, AFullDiskUndoesTheTransactionAndNothingElse) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  bool failed = false;
  {
    const FullDisk full(40000);  // room for the file, its WAL and not much more
    for (std::uint32_t i = 2; i < 1000 && !failed; ++i) failed = !store->write_room(i, "more");
  }
  CHECK(failed);
  CHECK(!store->database.error().empty());
  const std::string before = read();
  CHECK(before.starts_with("a@1700000000123 0\n"));
  CHECK(store->write_room(1000, "after"));
  CHECK_EQUAL(before + "after@1700000000123 0\n", read());
  reopen();
  CHECK_EQUAL(before + "after@1700000000123 0\n", read());
  CHECK_EQUAL("ok\n"sv, std::string_view(Outside(path).rows("PRAGMA integrity_check")));
}

TEST(SqliteDatabase, ASoundFileOnAFullDiskIsNotPutAside) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  store.reset();
  store = std::make_unique<Store>();
  {
    const FullDisk full(0);
    store->database.open(path);
    CHECK_FALSE(store->write_room(2, "b"));
  }
  CHECK_EQUAL(""sv, std::string_view(folder.get("bellhop.db.unreadable")));
  CHECK(store->write_room(2, "b"));
  CHECK_EQUAL("a@1700000000123 0\nb@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteDatabase, OnAFullDiskItCanBeReadAndLetsOthersInWhenThereIsRoom) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  reopen();
  store.reset();  // no file is left but the one
  store = std::make_unique<Store>();
  {
    const FullDisk full(1000);
    CHECK(store->database.open(path));
    CHECK_EQUAL("a@1700000000123 0\n"sv, std::string_view(read()));
    for (int i = 0; i < 3; ++i) CHECK_FALSE(store->write_room(2, "b"));
    CHECK_EQUAL("a@1700000000123 0\n"sv, std::string_view(read()));
  }
  const auto before = store->database.version();
  CHECK(store->write_room(2, "b"));
  CHECK(store->database.version() != before);
  CHECK_EQUAL("2\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM rooms")));
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("DELETE FROM rooms WHERE slot=1"));
  CHECK(store->write_room(3, "c"));
  CHECK_EQUAL("b@1700000000123 0\nc@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteDatabase, AFullDiskAtTheFirstStartIsTriedAgain) {
  {
    const FullDisk full(0);
    CHECK_FALSE(store->database.open(path));
    CHECK_FALSE(store->database.begin());
  }
  CHECK(store->write_room(1, "a"));
}

TEST(SqliteDatabase, NamesAreTakenAsTheyAre) {
  CHECK(store->database.open(path));
  const std::string_view odd = "'); DROP TABLE rooms; --";
  CHECK(store->write_room(1, odd));
  CHECK_EQUAL(std::string(odd) + "@1700000000123 0\n", read());
}

TEST(SqliteDatabase, TheLargestTablesAreReadBack) {
  CHECK(store->database.open(path));
  CHECK(store->database.begin());
  for (std::uint32_t i = 0; i < 2000; ++i) {
    CHECK(store->rows.put_room(i, std::to_string(i), kThen));
    for (std::uint32_t k = 0; k < 3; ++k) {
      CHECK(store->rows.put_membership(i * 3 + k, i, "s", EntryRule::whenever, kThen));
    }
  }
  CHECK(store->database.commit());
  const std::string rooms = read();
  CHECK(rooms.starts_with("0@1700000000123 3\n1@1700000000123 3\n"));
  CHECK(rooms.ends_with("1999@1700000000123 3\n"));
}
