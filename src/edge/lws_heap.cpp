#include "edge/lws_heap.h"

#include <libwebsockets.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

namespace bellhop {
namespace {

/// In front of every block; keeps what follows aligned as malloc would.
struct alignas(std::max_align_t) Head {
  std::uint32_t size = 0;
  std::int32_t shelf = kNoShelf;
  static constexpr std::int32_t kNoShelf = -1;
};

/// Free blocks of one kind, each of one size.
struct Shelf {
  std::string_view reason;  ///< how lws names the allocation
  std::uint32_t size = 0;
  std::uint32_t count = 0;
  Head* first = nullptr;  ///< linked through the blocks' own bytes
};

constexpr std::uint32_t kMostOnShelf = 256;
std::array<Shelf, 2> shelves = {{{"ah struct"}, {"ah data"}}};
LwsHeapCounters counters;

void* body_of(Head* head) {
  return head + 1;
}
Head* head_of(void* block) {
  return static_cast<Head*>(block) - 1;
}

Head*& next_of(Head* head) {
  return *static_cast<Head**>(body_of(head));
}

Shelf* shelf_for(std::string_view reason, std::size_t size) {
  for (Shelf& shelf : shelves) {
    if (shelf.reason != reason) continue;
    if (shelf.size == 0) shelf.size = static_cast<std::uint32_t>(size);
    return shelf.size == size ? &shelf : nullptr;
  }
  return nullptr;
}

void* allocate(std::size_t size, const char* reason) {
  Shelf* shelf = shelf_for(reason != nullptr ? reason : "", size);
  Head* head = shelf != nullptr ? shelf->first : nullptr;
  if (head != nullptr) {
    shelf->first = next_of(head);
    --shelf->count;
    --counters.recycled_blocks;
  } else {
    void* memory = std::malloc(sizeof(Head) + size);
    if (memory == nullptr) return nullptr;
    head = new (memory) Head;
    head->size = static_cast<std::uint32_t>(size);
    if (shelf != nullptr) head->shelf = static_cast<std::int32_t>(shelf - shelves.data());
  }
  counters.in_use_bytes += size;
  return body_of(head);
}

void release(void* block) {
  if (block == nullptr) return;
  Head* head = head_of(block);
  counters.in_use_bytes -= head->size;
  Shelf* shelf =
      head->shelf != Head::kNoShelf ? &shelves[static_cast<std::size_t>(head->shelf)] : nullptr;
  if (shelf == nullptr || shelf->count == kMostOnShelf) return std::free(head);
  next_of(head) = shelf->first;
  shelf->first = head;
  ++shelf->count;
  ++counters.recycled_blocks;
}

void* reallocate(void* block, std::size_t size, const char* reason) {
  if (size == 0) {
    release(block);
    return nullptr;
  }
  void* fresh = allocate(size, reason);
  if (fresh == nullptr || block == nullptr) return fresh;
  std::memcpy(fresh, block, std::min<std::size_t>(size, head_of(block)->size));
  release(block);
  return fresh;
}

}  // namespace

void install_lws_heap() {
  lws_set_allocator(reallocate);
}

LwsHeapCounters lws_heap_counters() {
  return counters;
}

}  // namespace bellhop
