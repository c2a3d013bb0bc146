// A disk that is full, or is not there.
#include "support/room_file.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP_BASE(SqliteDatabaseDisk, RoomFileRig){};

TEST(SqliteDatabaseDisk, WithoutItsFolderItWaits) {
  path = folder.file("missing/bellhop.db");
  CHECK_FALSE(store->database.open(path));
  CHECK(!store->database.error().empty());
  CollectRooms collect;
  CHECK_FALSE(store->rows.read(collect));
  CHECK_FALSE(store->database.begin());
  std::filesystem::create_directory(folder.file("missing"));
  CHECK(store->write_room(1, "a"));
  CHECK_EQUAL("a@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteDatabaseDisk, ALockedFileIsLeftAloneAndTriedAgain) {
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

TEST(SqliteDatabaseDisk, AFileThatIsLockedAtTheStartIsNotPutAside) {
  Outside other(path);
  CHECK_EQUAL(SQLITE_OK, other.run("CREATE TABLE theirs(x); BEGIN EXCLUSIVE"));
  CHECK_FALSE(store->database.open(path));
  CHECK_EQUAL("database is locked"sv, store->database.error());
  CHECK_FALSE(store->database.begin());
  LONGS_EQUAL(0, std::filesystem::exists(path + ".unreadable"));
  CHECK_EQUAL(SQLITE_OK, other.run("COMMIT"));
  CHECK(store->write_room(1, "a"));
}

TEST(SqliteDatabaseDisk, AFailedRowUndoesItsTransactionAndNoOther) {
  CHECK(store->database.open(path));
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("DROP TABLE memberships"));
  CHECK(store->database.begin());
  CHECK(store->rows.put_room(1, "undone", kThen));
  CHECK_FALSE(store->rows.put_membership(1, 1, "s", EntryRule::first, kThen));
  CHECK_EQUAL("no such table: memberships"sv, store->database.error());
  CHECK(store->write_room(2, "b"));
  CHECK_EQUAL("2|b\n"sv, std::string_view(Outside(path).rows("SELECT slot, name FROM rooms")));
}

TEST(SqliteDatabaseDisk, AFullDiskUndoesTheTransactionAndNothingElse) {
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

TEST(SqliteDatabaseDisk, ASoundFileOnAFullDiskIsNotPutAside) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  run_again();
  {
    const FullDisk full(0);
    store->database.open(path);
    CHECK_FALSE(store->write_room(2, "b"));
  }
  CHECK_EQUAL(""sv, std::string_view(folder.get("bellhop.db.unreadable")));
  CHECK(store->write_room(2, "b"));
  CHECK_EQUAL("a@1700000000123 0\nb@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteDatabaseDisk, OnAFullDiskItCanBeReadAndLetsOthersInWhenThereIsRoom) {
  CHECK(store->database.open(path));
  CHECK(store->write_room(1, "a"));
  run_again();  // no file is left but the one
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

TEST(SqliteDatabaseDisk, AFullDiskAtTheFirstStartIsTriedAgain) {
  {
    const FullDisk full(0);
    CHECK_FALSE(store->database.open(path));
    CHECK_FALSE(store->database.begin());
  }
  CHECK(store->write_room(1, "a"));
}
