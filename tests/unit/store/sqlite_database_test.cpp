#include "store/sqlite_database.h"

#include "support/room_file.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP_BASE(SqliteDatabase, RoomFileRig){};

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
  store = std::make_unique<RoomFile>();
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
