#pragma once
#include <cstddef>
#include <cstdint>

namespace bellhop {

struct LwsHeapCounters {
  std::size_t in_use_bytes = 0;     ///< asked for by lws, without our head of 16 bytes a block
  std::size_t recycled_blocks = 0;  ///< free header tables kept for the next request
};

/// Puts itself under libwebsockets, once a process, before its first context. lws allocates a
/// header table for each HTTP request and frees it after: such blocks are kept and given out again,
/// so that a request on a kept-alive connection makes no heap call. Everything else goes to malloc.
void install_lws_heap();

[[nodiscard]] LwsHeapCounters lws_heap_counters();

}  // namespace bellhop
