#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace bellhop::load {

// Nanoseconds of CPU all threads of a process have used (/proc/PID/task/*/schedstat).
std::int64_t process_cpu_ns(pid_t pid);

// Resident memory in KiB (Rss of /proc/PID/smaps_rollup, which is exact where VmRSS is not). Not
// Pss: that one moves whenever another process with the same program or library comes or goes.
std::int64_t process_rss_kib(pid_t pid);

// The four counters heap_count.c keeps: malloc, calloc, realloc and free calls.
struct HeapCalls {
  std::uint64_t malloc = 0;
  std::uint64_t calloc = 0;
  std::uint64_t realloc = 0;
  std::uint64_t free = 0;
};
HeapCalls read_heap_calls(const std::string& file);

}  // namespace bellhop::load
