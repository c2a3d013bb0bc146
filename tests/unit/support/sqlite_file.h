#pragma once
// A database file from the outside, and what may happen to it.
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

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

}  // namespace bellhop
