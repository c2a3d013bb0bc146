#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/fixed_array.h"
#include "base/gauge.h"

namespace bellhop {

using AssemblyRef = std::uint16_t;
inline constexpr AssemblyRef kNoAssembly = 0xffff;

/// Buffers for what arrives in pieces: WebSocket messages over several reads, request bodies,
/// binary events waiting for their attachments. Few, each as large as the largest message, and
/// shared by all connections: what arrives in one piece never takes one.
class AssemblyPool {
 public:
  AssemblyPool(std::size_t buffers, std::size_t bytes_each);

  /// An empty buffer, or kNoAssembly when all are taken (counted).
  [[nodiscard]] AssemblyRef take();
  void give_back(AssemblyRef buffer);

  /// False, with the buffer unchanged, when it would overflow.
  [[nodiscard]] bool append(AssemblyRef buffer, std::string_view bytes);
  /// What has been appended so far; writable, since payloads are decoded in place.
  [[nodiscard]] std::span<char> bytes(AssemblyRef buffer);

  [[nodiscard]] const TableGauge& gauge() const { return gauge_; }

 private:
  FixedArray<char> memory_;
  FixedArray<std::uint32_t> sizes_;
  FixedList<AssemblyRef> free_;
  std::size_t bytes_each_;
  TableGauge gauge_;
};

}  // namespace bellhop
