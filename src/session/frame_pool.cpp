#include "session/frame_pool.h"

#include <cassert>
#include <utility>

namespace bellhop {
namespace {

constexpr std::size_t slot_size(std::size_t payload_capacity) {
  return (kWebSocketHeaderMax + payload_capacity + 15) / 16 * 16;
}

}  // namespace

FramePool::FramePool(const FramePoolOptions& options)
    : heads_(options.small_frames + options.large_frames) {
  assert(heads_.size() < kNoFrame);
  fill(small_, 0, options.small_frames, options.small_bytes);
  fill(large_, static_cast<FrameRef>(options.small_frames), options.large_frames,
       options.large_bytes);
}

void FramePool::fill(SizeClass& size_class, FrameRef first, std::size_t count,
                     std::size_t payload_capacity) {
  size_class.bytes = FixedArray<char>(count * slot_size(payload_capacity));
  size_class.payload_capacity = payload_capacity;
  size_class.first = first;
  size_class.gauge.capacity = count;
  for (std::size_t i = count; i-- > 0;) {
    const auto frame = static_cast<FrameRef>(first + i);
    head(frame).next_free = std::exchange(size_class.free_list, frame);
  }
}

FrameRef FramePool::allocate(std::size_t payload_bytes) {
  SizeClass& size_class = payload_bytes <= small_.payload_capacity ? small_ : large_;
  if (payload_bytes > size_class.payload_capacity || size_class.free_list == kNoFrame) {
    size_class.gauge.refuse();
    return kNoFrame;
  }
  const FrameRef frame = size_class.free_list;
  size_class.free_list = head(frame).next_free;
  size_class.gauge.take();
  head(frame) = {.payload_bytes = 0, .references = 1};
  return frame;
}

const char* FramePool::payload_start(FrameRef frame) const {
  const SizeClass& size_class = frame < large_.first ? small_ : large_;
  const auto slot = static_cast<std::size_t>(frame - size_class.first);
  return size_class.bytes.begin() + slot * slot_size(size_class.payload_capacity) +
         kWebSocketHeaderMax;
}

std::span<char> FramePool::space(FrameRef frame) {
  SizeClass& size_class = class_of(frame);
  const auto slot = static_cast<std::size_t>(frame - size_class.first);
  return size_class.bytes.span().subspan(
      slot * slot_size(size_class.payload_capacity) + kWebSocketHeaderMax,
      size_class.payload_capacity);
}

void FramePool::seal(FrameRef frame, WebSocketOpcode opcode, std::size_t payload_bytes) {
  head(frame).opcode = opcode;
  head(frame).payload_bytes = static_cast<std::uint32_t>(payload_bytes);
  websocket_write_header(opcode, payload_bytes,
                         space(frame).data() - websocket_header_size(payload_bytes));
}

void FramePool::release(FrameRef frame) {
  assert(head(frame).references > 0);
  if (--head(frame).references > 0) return;
  SizeClass& size_class = class_of(frame);
  head(frame).next_free = std::exchange(size_class.free_list, frame);
  size_class.gauge.release();
}

std::string_view FramePool::wire(FrameRef frame) const {
  const std::size_t payload_bytes = head(frame).payload_bytes;
  const std::size_t header_bytes = websocket_header_size(payload_bytes);
  return {payload_start(frame) - header_bytes, header_bytes + payload_bytes};
}

std::string_view FramePool::payload(FrameRef frame) const {
  return {payload_start(frame), head(frame).payload_bytes};
}

FrameBuilder& FrameBuilder::append(std::string_view text) {
  if (!ok_ || text.size() > space_.size() - size_) {
    ok_ = false;
    return *this;
  }
  text.copy(space_.data() + size_, text.size());
  size_ += text.size();
  return *this;
}

FrameRef FrameBuilder::finish(WebSocketOpcode opcode) {
  if (!ok_) return kNoFrame;
  pool_.seal(frame_, opcode, size_);
  return std::exchange(frame_, kNoFrame);
}

}  // namespace bellhop
