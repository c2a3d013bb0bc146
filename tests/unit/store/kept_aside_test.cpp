#include "store/kept_aside.h"

#include "platform/temporary_folder.h"
#include "support/text.h"

using namespace bellhop;

TEST_GROUP(KeptAside) {
  TemporaryFolder folder;
  std::string path = folder.file("db");

  void holds(const char* name, const std::string& text) {
    STRCMP_EQUAL(text.c_str(), folder.get(name).c_str());
  }
};

TEST(KeptAside, FileAndWalStayTogether) {
  folder.put("db", "file");
  folder.put("db-wal", "wal");
  folder.put("db-shm", "shm");
  STRCMP_EQUAL((path + ".unreadable").c_str(), keep_aside(path).c_str());
  holds("db.unreadable", "file");
  holds("db.unreadable-wal", "wal");
  holds("db.unreadable-shm", "shm");
  LONGS_EQUAL(3, folder.count());
  LONGS_EQUAL(1, count_kept_aside(path));
}

TEST(KeptAside, ACutInBetweenIsCompletedByTheNext) {
  folder.put("db.unreadable-wal", "wal");  // cut here
  folder.put("db", "file");
  folder.put("db-wal", "");  // of the start in between
  STRCMP_EQUAL((path + ".unreadable").c_str(), keep_aside(path).c_str());
  holds("db.unreadable", "file");
  holds("db.unreadable-wal", "wal");
  LONGS_EQUAL(2, folder.count());
}

TEST(KeptAside, TheLastPlaceIsOverwrittenWhole) {
  for (const char* name : {"db.unreadable", "db.unreadable.2", "db.unreadable.3"}) {
    folder.put(name, "old");
    folder.put(std::string(name) + "-wal", "old wal");
  }
  folder.put("db", "new");
  STRCMP_EQUAL((path + ".unreadable.3").c_str(), keep_aside(path).c_str());
  holds("db.unreadable.3", "new");
  holds("db.unreadable.2-wal", "old wal");
  LONGS_EQUAL(5, folder.count());
  LONGS_EQUAL(3, count_kept_aside(path));
}
