#include "store/sqlite_memory.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mman.h>

#include <cerrno>

namespace bellhop {
namespace {

static_assert(sizeof(off_t) == 8, "SQLite's own: build with -D_FILE_OFFSET_BITS=64");

void* map_allocated(void* at, std::size_t size, int protection, int flags, int fd, off_t offset) {
  const bool shared = (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0;
  if (shared) {
    errno = posix_fallocate(fd, offset, static_cast<off_t>(size));
    if (errno != 0) return MAP_FAILED;
  }
  return mmap(at, size, protection, flags, fd, offset);
}

}  // namespace

void allocate_mapped_files() {
  sqlite3_vfs* files = sqlite3_vfs_find(nullptr);
  static_cast<void>(
      files->xSetSystemCall(files, "mmap", reinterpret_cast<sqlite3_syscall_ptr>(&map_allocated)));
}

}  // namespace bellhop
