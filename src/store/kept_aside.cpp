#include "store/kept_aside.h"

#include <cstdio>

#include "platform/files.h"

namespace bellhop {
namespace {

std::string place(const std::string& path, std::size_t number) {
  return path + ".unreadable" + (number == 1 ? "" : "." + std::to_string(number));
}

/// The file is the last to come and the first to go: with it a place is taken.
std::string free_place(const std::string& path) {
  for (std::size_t number = 1; number <= kMostKeptAside; ++number) {
    if (!file_exists(place(path, number))) return place(path, number);
  }
  std::string last = place(path, kMostKeptAside);
  for (const char* suffix : {"", "-wal", "-shm"}) std::remove((last + suffix).c_str());
  return last;
}

}  // namespace

std::string keep_aside(const std::string& path) {
  std::string to = free_place(path);
  // The WAL first: a new file at `path` must never find the WAL of another one.
  for (const char* suffix : {"-wal", "-shm", ""}) {
    const std::string from = path + suffix;
    if (!file_exists(from)) continue;
    // One that is there was moved before a power cut; this one is of the attempt to open the rest.
    const bool moved_before = file_exists(to + suffix);
    const bool gone = moved_before ? std::remove(from.c_str()) == 0
                                   : std::rename(from.c_str(), (to + suffix).c_str()) == 0;
    if (!gone) break;
  }
  return to;
}

std::size_t count_kept_aside(const std::string& path) {
  std::size_t count = 0;
  for (std::size_t number = 1; number <= kMostKeptAside; ++number) {
    if (file_exists(place(path, number))) ++count;
  }
  return count;
}

}  // namespace bellhop
