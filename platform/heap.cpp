#include "platform/heap.h"

#include <malloc.h>

namespace bellhop {

std::size_t heap_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace bellhop
