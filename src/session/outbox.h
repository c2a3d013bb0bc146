#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "session/frame_pool.h"

namespace bellhop {

/// What one session has yet to send: a ring of references to shared frames. It owns one reference
/// of each frame in it.
class Outbox {
 public:
  static constexpr std::size_t kCapacity = 32;

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// The i-th frame from the front.
  [[nodiscard]] FrameRef at(std::size_t i) const { return ring_[(first_ + i) % kCapacity]; }

  /// Takes a reference of its own; false, taking none, when the ring is full.
  [[nodiscard]] bool push(FramePool& pool, FrameRef frame) {
    if (count_ == kCapacity) return false;
    pool.retain(frame);
    ring_[(first_ + count_++) % kCapacity] = frame;
    bytes_ += static_cast<std::uint32_t>(pool.payload(frame).size());
    return true;
  }

  /// Puts `frame` in the place of the `latest` one that waits; false, taking no reference, when
  /// none does.
  [[nodiscard]] bool replace_latest(FramePool& pool, FrameRef frame) {
    if (latest_ == kNoPlace) return false;
    FrameRef& waiting = ring_[latest_];
    bytes_ -= static_cast<std::uint32_t>(pool.payload(waiting).size());
    bytes_ += static_cast<std::uint32_t>(pool.payload(frame).size());
    pool.retain(frame);
    pool.release(waiting);
    waiting = frame;
    return true;
  }
  /// The frame pushed last is one that replace_latest() may replace.
  void mark_latest() { latest_ = static_cast<std::uint8_t>((first_ + count_ - 1U) % kCapacity); }

  /// Drops the frames at the front that have been sent.
  void pop(FramePool& pool, std::size_t frames) {
    for (; frames > 0; --frames) {
      if (first_ == latest_) latest_ = kNoPlace;
      bytes_ -= static_cast<std::uint32_t>(pool.payload(ring_[first_]).size());
      pool.release(ring_[first_]);
      first_ = static_cast<std::uint8_t>((first_ + 1) % kCapacity);
      --count_;
    }
  }
  void clear(FramePool& pool) { pop(pool, count_); }

 private:
  static constexpr std::uint8_t kNoPlace = 0xff;

  std::array<FrameRef, kCapacity> ring_{};
  std::uint32_t bytes_ = 0;
  std::uint8_t first_ = 0;
  std::uint8_t count_ = 0;
  std::uint8_t latest_ = kNoPlace;  ///< place in the ring of the one `latest` frame
};

}  // namespace bellhop
