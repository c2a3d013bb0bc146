#pragma once
// A database file from the outside, and what may happen to it.
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "support/full_disk.h"
#include "support/text.h"

namespace bellhop {

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

/// While it lives the disk does not give back what is in the file at `path`, wherever that goes.
class BadSpot {
 public:
  explicit BadSpot(const std::string& path) {
    struct stat status {};
    CHECK_EQUAL(0, stat(path.c_str(), &status));
    file() = status.st_ino;
    set(&read_or_fail);
  }
  ~BadSpot() { set(nullptr); }
  BadSpot(const BadSpot&) = delete;
  BadSpot& operator=(const BadSpot&) = delete;

 private:
  static ino_t& file() {
    static ino_t inode = 0;
    return inode;
  }
  static ssize_t read_or_fail(int fd, void* to, size_t size, off_t offset) {
    struct stat status {};
    if (fstat(fd, &status) != 0 || status.st_ino != file()) return pread(fd, to, size, offset);
    errno = EIO;
    return -1;
  }
  static void set(ssize_t (*call)(int, void*, size_t, off_t)) {
    sqlite3_vfs* files = sqlite3_vfs_find(nullptr);
    for (const char* name : {"pread", "pread64"}) {  // whichever it uses
      files->xSetSystemCall(files, name, reinterpret_cast<sqlite3_syscall_ptr>(call));
    }
  }
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

}  // namespace bellhop
