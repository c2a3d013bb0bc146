#include "platform/files.h"

#include <sys/stat.h>
#include <unistd.h>

#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(Files) {
  TemporaryFolder folder_;
  FileContent content_;
  std::string error_;
};

TEST(Files, ReadsWhatWasWritten) {
  const std::string text("a\0b\n", 4);
  CHECK(write_file(folder_.file("f"), text, 0640, error_));
  CHECK(read_file(folder_.file("f"), 4, content_, error_) == FileStatus::ok);
  CHECK(text == content_.text);
  CHECK_EQUAL(0640u, content_.mode);
}

TEST(Files, ReplacesAndLeavesNothingBeside) {
  folder_.put("f", "old", 0644);
  CHECK(write_file(folder_.file("f"), "new", 0600, error_));
  STRCMP_EQUAL("new", folder_.get("f").c_str());
  CHECK_EQUAL(0600u, folder_.mode("f"));
  CHECK_EQUAL(1u, folder_.count());
}

TEST(Files, AFailedWriteLeavesTheOldAndNothingBeside) {
  mkdir(folder_.file("f").c_str(), 0700);  // a file cannot replace a folder
  CHECK_FALSE(write_file(folder_.file("f"), "new", 0600, error_));
  CHECK_EQUAL(0u, error_.find(folder_.file("f") + ": cannot write the file: "));
  CHECK_EQUAL(1u, folder_.count());
  CHECK_FALSE(write_file(folder_.file("none/f"), "new", 0600, error_));
  CHECK(error_.ends_with("No such file or directory"));
}

TEST(Files, TellsMissingFromFailed) {
  CHECK(read_file(folder_.file("f"), 9, content_, error_) == FileStatus::missing);
  STRCMP_EQUAL((folder_.file("f") + ": the file is missing").c_str(), error_.c_str());
  CHECK(read_file(folder_.path(), 9, content_, error_) == FileStatus::failed);
  folder_.put("f", "x");
  CHECK(read_file(folder_.file("f/g"), 9, content_, error_) == FileStatus::failed);
  CHECK(error_.ends_with("Not a directory"));
}

TEST(Files, APipeIsRefusedWithoutWaiting) {
  mkfifo(folder_.file("p").c_str(), 0600);
  CHECK(read_file(folder_.file("p"), 9, content_, error_) == FileStatus::failed);
  CHECK(error_.ends_with("not a regular file"));
}

TEST(Files, ReadsNoMoreThanAllowed) {
  folder_.put("f", "12345");
  CHECK(read_file(folder_.file("f"), 4, content_, error_) == FileStatus::failed);
  CHECK(error_.ends_with("the file is larger than 4 bytes"));
  CHECK(read_file(folder_.file("f"), 5, content_, error_) == FileStatus::ok);
}

TEST(Files, MakesAPrivateFolderOnce) {
  CHECK(make_private_directory(folder_.file("d"), error_));
  CHECK_EQUAL(0700u, folder_.mode("d"));
  CHECK(make_private_directory(folder_.file("d"), error_));
  folder_.put("f", "");
  CHECK_FALSE(make_private_directory(folder_.file("f"), error_));
  CHECK(error_.ends_with(": not a folder"));
  CHECK_FALSE(make_private_directory(folder_.file("no/d"), error_));
  CHECK(error_.ends_with("No such file or directory"));
}

TEST(Files, LocksAFolderForOneAlone) {
  CHECK(lock_directory(folder_.file("."), error_));
  CHECK_FALSE(lock_directory(folder_.file("."), error_));
  CHECK(error_.ends_with(": another bellhop serves from this folder"));
  CHECK_FALSE(lock_directory(folder_.file("no"), error_));
  CHECK(error_.ends_with("No such file or directory"));
}

TEST(Files, SeesADanglingLink) {
  CHECK_FALSE(file_exists(folder_.file("l")));
  CHECK_EQUAL(0, symlink("/nonexistent", folder_.file("l").c_str()));
  CHECK(file_exists(folder_.file("l")));
}
