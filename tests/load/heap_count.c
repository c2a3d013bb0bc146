// Counts the heap calls of the process it is preloaded into, for another process to read:
//   BELLHOP_HEAP_COUNT=/tmp/counts LD_PRELOAD=libheap_count.so bellhop ...
// The file then holds four 64-bit counters in the machine's byte order, always current: calls of
// malloc, calloc, realloc and free. Read it before and after N messages. posix_memalign,
// aligned_alloc and memalign count as malloc. Without the variable nothing is counted.
//
// The real functions are glibc's own __libc_ names rather than dlsym() answers: dlsym() may itself
// allocate, and a heap call can come before this library's constructor.

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* old, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void* block);

struct counters {
  _Atomic uint64_t malloc_calls;
  _Atomic uint64_t calloc_calls;
  _Atomic uint64_t realloc_calls;
  _Atomic uint64_t free_calls;
};

static struct counters before_mapping;
static struct counters* _Atomic counters = &before_mapping;

__attribute__((constructor)) static void map_counters(void) {
  const char* path = getenv("BELLHOP_HEAP_COUNT");
  if (path == NULL) {
    return;
  }
  // Children of the counted process must not count into the same file.
  const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void* mapped = MAP_FAILED;
  if (fd >= 0 && ftruncate(fd, sizeof(struct counters)) == 0) {
    mapped = mmap(NULL, sizeof(struct counters), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  }
  if (mapped == MAP_FAILED) {
    static const char message[] = "heap_count: cannot map the file BELLHOP_HEAP_COUNT names\n";
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(78);
  }
  close(fd);
  unsetenv("BELLHOP_HEAP_COUNT");
  atomic_store(&counters, (struct counters*)mapped);
}

static void count(_Atomic uint64_t* counter) {
  atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

EXPORT void* malloc(size_t size) {
  count(&counters->malloc_calls);
  return __libc_malloc(size);
}

EXPORT void* calloc(size_t number, size_t size) {
  count(&counters->calloc_calls);
  return __libc_calloc(number, size);
}

EXPORT void* realloc(void* old, size_t size) {
  count(&counters->realloc_calls);
  return __libc_realloc(old, size);
}

EXPORT void* memalign(size_t alignment, size_t size) {
  count(&counters->malloc_calls);
  return __libc_memalign(alignment, size);
}

EXPORT void* aligned_alloc(size_t alignment, size_t size) {
  count(&counters->malloc_calls);
  return __libc_memalign(alignment, size);
}

EXPORT int posix_memalign(void** result, size_t alignment, size_t size) {
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
    return EINVAL;
  }
  void* block = memalign(alignment, size);
  if (block == NULL) {
    return ENOMEM;
  }
  *result = block;
  return 0;
}

EXPORT void free(void* block) {
  count(&counters->free_calls);
  __libc_free(block);
}
