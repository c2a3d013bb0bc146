#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/fixed_array.h"
#include "base/gauge.h"
#include "protocol/websocket.h"

namespace bellhop {

/// Names one frame of the pool. Two bytes, so that a queue of 32 costs 64.
using FrameRef = std::uint16_t;
inline constexpr FrameRef kNoFrame = 0xffff;

struct FramePoolOptions {
  std::size_t small_frames = 0;  ///< how many of up to small_bytes; both counts together < 65535
  std::size_t small_bytes = 0;   ///< payload capacity of a small frame
  std::size_t large_frames = 0;
  std::size_t large_bytes = 0;
};

/// Outgoing messages, encoded once however many receive them: reference-counted frames of two size
/// classes, allocated at start. A frame holds the WebSocket header right in front of its payload,
/// so that wire() goes out as it is to every receiver; HTTP polling takes payload() alone.
class FramePool {
 public:
  explicit FramePool(const FramePoolOptions& options);

  /// A frame for up to `payload_bytes`, with one reference that is the caller's; kNoFrame when the
  /// class that would fit is used up (counted) or when no class is that large.
  [[nodiscard]] FrameRef allocate(std::size_t payload_bytes);

  /// Where to write the payload before seal(); large enough for what was asked for.
  [[nodiscard]] std::span<char> space(FrameRef frame);
  /// Fixes the payload's length and kind. After that the frame is never written again.
  void seal(FrameRef frame, WebSocketOpcode opcode, std::size_t payload_bytes);

  void retain(FrameRef frame) { ++head(frame).references; }
  void release(FrameRef frame);

  /// Valid until the frame's last reference is released.
  [[nodiscard]] std::string_view wire(FrameRef frame) const;
  [[nodiscard]] std::string_view payload(FrameRef frame) const;
  [[nodiscard]] bool binary(FrameRef frame) const {
    return head(frame).opcode == WebSocketOpcode::binary;
  }

  [[nodiscard]] std::size_t largest_payload_bytes() const {
    return std::max(small_.payload_capacity, large_.payload_capacity);
  }

  [[nodiscard]] const TableGauge& small_gauge() const { return small_.gauge; }
  [[nodiscard]] const TableGauge& large_gauge() const { return large_.gauge; }

 private:
  struct Head {
    std::uint32_t payload_bytes = 0;
    std::uint32_t references = 0;
    FrameRef next_free = kNoFrame;
    WebSocketOpcode opcode = WebSocketOpcode::text;
  };
  struct SizeClass {
    FixedArray<char> bytes;
    std::size_t payload_capacity = 0;
    FrameRef first = 0;
    FrameRef free_list = kNoFrame;
    TableGauge gauge;
  };

  void fill(SizeClass& size_class, FrameRef first, std::size_t count, std::size_t payload_capacity);
  [[nodiscard]] Head& head(FrameRef frame) { return heads_[frame]; }
  [[nodiscard]] const Head& head(FrameRef frame) const { return heads_[frame]; }
  [[nodiscard]] SizeClass& class_of(FrameRef frame) {
    return frame < large_.first ? small_ : large_;
  }
  [[nodiscard]] const char* payload_start(FrameRef frame) const;

  FixedArray<Head> heads_;
  SizeClass small_;
  SizeClass large_;
};

/// A frame filled bit by bit. Appends that do not fit make it fail for good; finish() then gives
/// the frame back to the pool and returns kNoFrame.
class FrameBuilder {
 public:
  FrameBuilder(FramePool& pool, std::size_t payload_bytes)
      : pool_(pool), frame_(pool.allocate(payload_bytes)) {
    if (frame_ != kNoFrame) space_ = pool_.space(frame_);
    ok_ = frame_ != kNoFrame;
  }
  FrameBuilder(const FrameBuilder&) = delete;
  FrameBuilder& operator=(const FrameBuilder&) = delete;
  ~FrameBuilder() {
    if (frame_ != kNoFrame) pool_.release(frame_);
  }

  FrameBuilder& append(std::string_view text);
  /// Hands the sealed frame, with its one reference, to the caller.
  [[nodiscard]] FrameRef finish(WebSocketOpcode opcode = WebSocketOpcode::text);

 private:
  FramePool& pool_;
  FrameRef frame_;
  std::span<char> space_;
  std::size_t size_ = 0;
  bool ok_ = false;
};

}  // namespace bellhop
