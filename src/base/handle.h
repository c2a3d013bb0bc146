#pragma once
#include <cstdint>

namespace bellhop {

/// Names a slot of a fixed table without pointing into it. The generation is bumped when the slot
/// is freed, so a stale handle fails its check instead of reaching the slot's next owner.
/// Generation 0 is never given out: a value-initialised handle names nothing.
template <class Tag>
struct Handle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;

  [[nodiscard]] explicit operator bool() const { return generation != 0; }
  friend bool operator==(const Handle&, const Handle&) = default;
};

using SessionId = Handle<struct SessionTag>;
using ConnectionId = Handle<struct ConnectionTag>;

}  // namespace bellhop
