#include "process_meter.h"

#include <filesystem>
#include <fstream>

#include "die.h"

namespace bellhop::load {

std::int64_t process_cpu_ns(pid_t pid) {
  std::int64_t sum = 0;
  std::error_code error;
  const std::string folder = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(folder, error)) {
    std::ifstream file(task.path() / "schedstat");
    std::int64_t ns = 0;
    if (file >> ns) {
      sum += ns;
    }
  }
  if (error || sum == 0) {
    die("no CPU times in " + folder);
  }
  return sum;
}

std::int64_t process_rss_kib(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  while (file >> word) {
    std::int64_t kib = 0;
    if (word == "Rss:" && file >> kib) {
      return kib;
    }
  }
  die("no Rss in smaps_rollup of " + std::to_string(pid));
}

HeapCalls read_heap_calls(const std::string& file) {
  HeapCalls calls;
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(&calls), sizeof calls)) {
    die("cannot read the heap counters in " + file);
  }
  return calls;
}

}  // namespace bellhop::load
