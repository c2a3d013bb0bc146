#include "store/sqlite_store.h"

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>

#include "platform/temporary_folder.h"
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

/// The file as another program sees it.
class Outside {
 public:
  explicit Outside(const std::string& path) {
    CHECK_EQUAL(SQLITE_OK, sqlite3_open(path.c_str(), &database_));
  }
  ~Outside() { sqlite3_close(database_); }
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

  int run(const char* sql) { return sqlite3_exec(database_, sql, nullptr, nullptr, nullptr); }
  /// The rows of a query, columns joined by `|`, rows ended by a new line.
  std::string rows(const char* sql) {
    std::string text;
    const auto add = [](void* out, int count, char** values, char**) {
      for (int i = 0; i < count; ++i) {
        static_cast<std::string*>(out)->append(i > 0 ? "|" : "").append(values[i]);
      }
      static_cast<std::string*>(out)->append("\n");
      return 0;
    };
    CHECK_EQUAL(SQLITE_OK, sqlite3_exec(database_, sql, add, &text, nullptr));
    return text;
  }

 private:
  sqlite3* database_ = nullptr;
};

/// While it lives no file can grow beyond `bytes`: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

/// Runs `work` in a process of its own that dies as in a power cut.
template <class Work>
void killed_after(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    raise(SIGKILL);
  }
  int status = 0;
  LONGS_EQUAL(child, waitpid(child, &status, 0));
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

bool write_room(Store& store, std::uint32_t slot, std::string_view name) {
  return store.begin() && store.put_room(slot, name, kThen) && store.commit();
}

}  // namespace

TEST_GROUP(SqliteStore) {
  TemporaryFolder folder;
  std::string path = folder.file("bellhop.db");
  std::unique_ptr<SqliteStore> store = std::make_unique<SqliteStore>();

  void reopen() {
    store.reset();
    store = std::make_unique<SqliteStore>();
    CHECK(store->open(path));
  }
  std::string read(Store & from) {
    Collect collect;
    CHECK(from.read_rooms(collect));
    return collect.text;
  }
  std::string read() {
    return read(*store);
  }
};

TEST(SqliteStore, BeginsEmptyInAFileOfItsOwn) {
  CHECK(store->open(path));
  CHECK_EQUAL(""sv, std::string_view(read()));
  CHECK_EQUAL("wal\n"sv, std::string_view(Outside(path).rows("PRAGMA journal_mode")));
  CHECK_EQUAL("1\n"sv, std::string_view(Outside(path).rows("PRAGMA user_version")));
}

TEST(SqliteStore, RowsAreThereAfterTheCommitAndAfterReopening) {
  CHECK(store->open(path));
  CHECK(store->begin());
  CHECK(store->put_room(7, "456", kThen));
  CHECK(store->put_room(8, "呼叫", kThen));
  CHECK(store->put_membership(1, 7, "sidA", EntryRule::last, kThen));
  CHECK(store->put_membership(2, 7, "sidB", EntryRule::whenever, kThen));
  CHECK_EQUAL("0\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM rooms")));
  CHECK(store->commit());
  for (int i = 0; i < 2; ++i) {
    CHECK_EQUAL("456@1700000000123 2\n呼叫@1700000000123 0\n"sv, std::string_view(read()));
    CHECK_EQUAL("1|7|sidA|loginWhenLast|1700000000123\n2|7|sidB|loginWhenever|1700000000123\n"sv,
                std::string_view(Outside(path).rows("SELECT * FROM memberships ORDER BY slot")));
    reopen();
  }
}

TEST(SqliteStore, APutReplacesAndARemoveNeedsNoRow) {
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  CHECK(write_room(*store, 1, "b"));
  CHECK_EQUAL("b@1700000000123 0\n"sv, std::string_view(read()));
  CHECK(store->begin());
  CHECK(store->put_membership(1, 1, "s", EntryRule::first, kThen));
  CHECK(store->remove_membership(1));
  CHECK(store->remove_membership(1));
  CHECK(store->remove_room(1));
  CHECK(store->remove_room(99));
  CHECK(store->commit());
  CHECK_EQUAL(""sv, std::string_view(read()));
  CHECK_EQUAL("0\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM memberships")));
}

TEST(SqliteStore, ClearRemovesEveryRowOfTheTransactionsPast) {
  CHECK(store->open(path));
  CHECK(store->begin());
  CHECK(store->put_room(1, "a", kThen));
  CHECK(store->put_membership(1, 1, "s", EntryRule::first, kThen));
  CHECK(store->commit());
  CHECK(store->begin());
  CHECK(store->clear());
  CHECK(store->put_room(0, "b", kThen));
  CHECK(store->commit());
  CHECK_EQUAL("b@1700000000123 0\n"sv, std::string_view(read()));
  CHECK_EQUAL("0\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM memberships")));
}

TEST(SqliteStore, AStartWritesNothing) {
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  store.reset();  // the last one to close folds the WAL into the file
  const std::string before = folder.get("bellhop.db");
  store = std::make_unique<SqliteStore>();
  CHECK(store->open(path));
  store.reset();
  CHECK(before == folder.get("bellhop.db"));
}

// --- Cuts ----------------------------------------------------------------------------------------

TEST(SqliteStore, WhatWasCommittedSurvivesAKill) {
  killed_after([this] {
    if (!store->open(path) || !write_room(*store, 1, "kept")) _exit(1);
    if (!store->begin() || !store->put_room(2, "unfinished", kThen)) _exit(2);
  });
  CHECK(store->open(path));
  CHECK_EQUAL("kept@1700000000123 0\n"sv, std::string_view(read()));
  CHECK_EQUAL("ok\n"sv, std::string_view(Outside(path).rows("PRAGMA integrity_check")));
}

TEST(SqliteStore, ManyKillsLeaveTheFileSound) {
  for (std::uint32_t round = 0; round < 10; ++round) {
    killed_after([this, round] {
      if (!store->open(path)) _exit(1);
      for (std::uint32_t i = 0; i <= round * 20; ++i) {
        if (!write_room(*store, i, "room " + std::to_string(i))) _exit(2);
      }
    });
    CHECK_EQUAL("ok\n"sv, std::string_view(Outside(path).rows("PRAGMA integrity_check")));
  }
  CHECK_EQUAL("181\n"sv, std::string_view(Outside(path).rows("SELECT count(*) FROM rooms")));
}

// --- Files that are none of ours -----------------------------------------------------------------

TEST(SqliteStore, AnUnreadableFileIsPutAside) {
  folder.put("bellhop.db",
             "this is no database, but it may be somebody's: " + std::string(5000, 'x'));
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  CHECK_EQUAL("this is no database"sv,
              std::string_view(folder.get("bellhop.db.unreadable")).substr(0, 19));
}

TEST(SqliteStore, ADamagedFileIsPutAside) {
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  store.reset();
  std::string bytes = folder.get("bellhop.db");
  CHECK(bytes.size() > 8192);
  for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = '\x5a';
  folder.put("bellhop.db", bytes);
  store = std::make_unique<SqliteStore>();
  CHECK(store->open(path));
  CHECK_EQUAL(""sv, std::string_view(read()));
  CHECK(folder.get("bellhop.db.unreadable") == bytes);
}

TEST(SqliteStore, AnotherProgramsTablesArePutAside) {
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("CREATE TABLE rooms(x); PRAGMA user_version=1"));
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  CHECK(folder.get("bellhop.db.unreadable").starts_with("SQLite format 3"));
}

TEST(SqliteStore, ANewerProgramsFileIsPutAside) {
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("CREATE TABLE things(x); PRAGMA user_version=2"));
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  CHECK_EQUAL("2\n"sv, std::string_view(Outside(path + ".unreadable").rows("PRAGMA user_version")));
}

TEST(SqliteStore, AnEmptyFileIsANewOne) {
  folder.put("bellhop.db", "");
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  CHECK_EQUAL(""sv, std::string_view(folder.get("bellhop.db.unreadable")));
}

// --- A disk that fails ---------------------------------------------------------------------------

TEST(SqliteStore, WithoutItsFolderItWaits) {
  path = folder.file("missing/bellhop.db");
  CHECK_FALSE(store->open(path));
  CHECK(!store->error().empty());
  Collect collect;
  CHECK_FALSE(store->read_rooms(collect));
  CHECK_FALSE(store->begin());
  std::filesystem::create_directory(folder.file("missing"));
  CHECK(write_room(*store, 1, "a"));
  CHECK_EQUAL("a@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteStore, ALockedFileIsLeftAloneAndTriedAgain) {
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  Outside other(path);
  CHECK_EQUAL(SQLITE_OK, other.run("BEGIN IMMEDIATE"));
  CHECK_FALSE(store->begin());
  CHECK_EQUAL("database is locked"sv, store->error());
  reopen();
  CHECK_FALSE(store->begin());
  CHECK_EQUAL(""sv, std::string_view(folder.get("bellhop.db.unreadable")));
  CHECK_EQUAL(SQLITE_OK, other.run("COMMIT"));
  CHECK(write_room(*store, 2, "b"));
  CHECK_EQUAL("a@1700000000123 0\nb@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteStore, AFileThatIsLockedAtTheStartIsNotPutAside) {
  Outside other(path);
  CHECK_EQUAL(SQLITE_OK, other.run("CREATE TABLE theirs(x); BEGIN EXCLUSIVE"));
  CHECK_FALSE(store->open(path));
  CHECK_EQUAL("database is locked"sv, store->error());
  CHECK_FALSE(store->begin());
  LONGS_EQUAL(0, std::filesystem::exists(path + ".unreadable"));
  CHECK_EQUAL(SQLITE_OK, other.run("COMMIT"));
  CHECK(write_room(*store, 1, "a"));
}

TEST(SqliteStore, AFailedRowUndoesItsTransactionAndNoOther) {
  CHECK(store->open(path));
  CHECK_EQUAL(SQLITE_OK, Outside(path).run("DROP TABLE memberships"));
  CHECK(store->begin());
  CHECK(store->put_room(1, "undone", kThen));
  CHECK_FALSE(store->put_membership(1, 1, "s", EntryRule::first, kThen));
  CHECK_EQUAL("no such table: memberships"sv, store->error());
  CHECK(write_room(*store, 2, "b"));
  CHECK_EQUAL("2|b\n"sv, std::string_view(Outside(path).rows("SELECT slot, name FROM rooms")));
}

TEST(SqliteStore, AFullDiskUndoesTheTransactionAndNothingElse) {
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  bool failed = false;
  {
    const FullDisk full(40000);  // room for the file, its WAL and not much more
    for (std::uint32_t i = 2; i < 1000 && !failed; ++i) failed = !write_room(*store, i, "more");
  }
  CHECK(failed);
  CHECK(!store->error().empty());
  const std::string before = read();
  CHECK(before.starts_with("a@1700000000123 0\n"));
  CHECK(write_room(*store, 1000, "after"));
  CHECK_EQUAL(before + "after@1700000000123 0\n", read());
  reopen();
  CHECK_EQUAL(before + "after@1700000000123 0\n", read());
  CHECK_EQUAL("ok\n"sv, std::string_view(Outside(path).rows("PRAGMA integrity_check")));
}

TEST(SqliteStore, ASoundFileOnAFullDiskIsNotPutAside) {
  CHECK(store->open(path));
  CHECK(write_room(*store, 1, "a"));
  store.reset();
  store = std::make_unique<SqliteStore>();
  {
    const FullDisk full(0);
    store->open(path);
    CHECK_FALSE(write_room(*store, 2, "b"));
  }
  CHECK_EQUAL(""sv, std::string_view(folder.get("bellhop.db.unreadable")));
  CHECK(write_room(*store, 2, "b"));
  CHECK_EQUAL("a@1700000000123 0\nb@1700000000123 0\n"sv, std::string_view(read()));
}

TEST(SqliteStore, AFullDiskAtTheFirstStartIsTriedAgain) {
  {
    const FullDisk full(0);
    CHECK_FALSE(store->open(path));
    CHECK_FALSE(store->begin());
  }
  CHECK(write_room(*store, 1, "a"));
}

TEST(SqliteStore, NamesAreTakenAsTheyAre) {
  CHECK(store->open(path));
  const std::string_view odd = "'); DROP TABLE rooms; --";
  CHECK(write_room(*store, 1, odd));
  CHECK_EQUAL(std::string(odd) + "@1700000000123 0\n", read());
}

TEST(SqliteStore, TheLargestTablesAreReadBack) {
  CHECK(store->open(path));
  CHECK(store->begin());
  for (std::uint32_t i = 0; i < 2000; ++i) {
    CHECK(store->put_room(i, std::to_string(i), kThen));
    for (std::uint32_t k = 0; k < 3; ++k) {
      CHECK(store->put_membership(i * 3 + k, i, "s", EntryRule::whenever, kThen));
    }
  }
  CHECK(store->commit());
  const std::string rooms = read();
  CHECK(rooms.starts_with("0@1700000000123 3\n1@1700000000123 3\n"));
  CHECK(rooms.ends_with("1999@1700000000123 3\n"));
}
