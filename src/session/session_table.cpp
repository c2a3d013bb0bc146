#include "session/session_table.h"

#include <array>
#include <cassert>

namespace bellhop {

std::string_view close_reason_name(CloseReason reason) {
  static constexpr std::array<std::string_view, kCloseReasons> kNames = {
      "client_closed",   "connection_lost", "ping_timeout", "protocol_error",
      "message_too_big", "slow_reader",     "flooding",     "connect_timeout",
      "out_of_memory",   "token_ended",     "refused",      "shutdown"};
  return kNames[static_cast<std::size_t>(reason)];
}

SessionTable::SessionTable(const SessionTableOptions& options, FramePool& frames)
    : frames_(frames),
      slots_(options.sessions),
      free_(options.sessions),
      dirty_(options.sessions),
      closing_(options.sessions),
      queue_messages_(options.queue_messages),
      queue_bytes_(options.queue_bytes) {
  assert(queue_messages_ <= Outbox::kCapacity);
  gauge_.capacity = options.sessions;
  for (std::size_t i = options.sessions; i-- > 0;) {
    free_.append(static_cast<std::uint32_t>(i));
  }
}

SessionId SessionTable::open(SessionDriver& driver) {
  if (free_.empty()) {
    gauge_.refuse();
    return {};
  }
  const std::uint32_t index = free_.take_back();
  gauge_.take();
  Slot& slot = slots_[index];
  slot.driver = &driver;
  slot.state = State::open;
  return {index, slot.generation};
}

bool SessionTable::alive(SessionId session) const {
  if (!session || session.index >= slots_.size()) return false;
  const Slot& slot = slots_[session.index];
  return slot.generation == session.generation && slot.state == State::open;
}

SessionId SessionTable::at(std::uint32_t index) const {
  const Slot& slot = slots_[index];
  if (slot.state != State::open) return {};
  return {index, slot.generation};
}

bool SessionTable::has_room(const Slot& slot, std::size_t bytes) const {
  if (slot.outbox.empty()) return true;  // one message alone always fits, however large
  return slot.outbox.size() < queue_messages_ && slot.outbox.bytes() + bytes <= queue_bytes_;
}

bool SessionTable::send(SessionId session, FrameRef frame, Delivery delivery) {
  if (!alive(session)) return false;
  Slot& slot = slots_[session.index];
  if (delivery == Delivery::latest && slot.outbox.replace_latest(frames_, frame)) return true;
  const std::size_t bytes = frames_.payload(frame).size();
  // Many messages in one turn are no sign of a slow reader: give its wire a chance first.
  if (!has_room(slot, bytes)) slot.driver->flush(session);
  if (!has_room(slot, bytes) || !slot.outbox.push(frames_, frame)) {
    close(session, CloseReason::slow_reader);
    return false;
  }
  if (delivery == Delivery::latest) slot.outbox.mark_latest();
  ++queued_;
  wake(session);
  return true;
}

std::size_t SessionTable::send(std::span<const SessionId> sessions, FrameRef frame,
                               Delivery delivery) {
  std::size_t queued = 0;
  for (const SessionId session : sessions) queued += send(session, frame, delivery) ? 1U : 0U;
  return queued;
}

FrameRef SessionTable::build(std::string_view head, std::span<const std::string_view> parts,
                             WebSocketOpcode opcode) {
  std::size_t size = head.size();
  for (const std::string_view part : parts) size += part.size();
  if (size > frames_.largest_payload_bytes()) return kNoFrame;
  do {
    FrameBuilder builder(frames_, size);
    builder.append(head);
    for (const std::string_view part : parts) builder.append(part);
    if (const FrameRef frame = builder.finish(opcode); frame != kNoFrame) return frame;
  } while (shed_slowest());
  return kNoFrame;
}

void SessionTable::close(SessionId session, CloseReason reason) {
  if (!alive(session)) return;
  Slot& slot = slots_[session.index];
  slot.state = State::closing;
  slot.reason = reason;
  slot.outbox.clear(frames_);  // nothing of it is sent any more
  closing_.append(session.index);
}

bool SessionTable::shed_slowest() {
  if (!dirty_.empty()) {
    flush_dirty();
    return true;
  }
  SessionId slowest;
  std::size_t most = 0;
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].state != State::open || slots_[i].outbox.bytes() <= most) continue;
    most = slots_[i].outbox.bytes();
    slowest = at(i);
  }
  if (!slowest) return false;
  close(slowest, CloseReason::slow_reader);
  return true;
}

void SessionTable::wake(SessionId session) {
  Slot& slot = slots_[session.index];
  if (slot.dirty) return;
  slot.dirty = true;
  dirty_.append(session.index);
}

void SessionTable::flush_dirty() {
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    const std::uint32_t index = dirty_[i];
    if (const SessionId session = at(index)) slots_[index].driver->flush(session);
    slots_[index].dirty = false;
  }
  dirty_.clear();
}

void SessionTable::reap() {
  for (std::size_t i = 0; i < closing_.size(); ++i) end(closing_[i]);
  closing_.clear();
}

void SessionTable::end(std::uint32_t index) {
  Slot& slot = slots_[index];
  ++closed_[static_cast<std::size_t>(slot.reason)];
  slot.driver->ended({index, slot.generation}, slot.reason);
  ++slot.generation;
  if (slot.generation == 0) slot.generation = 1;
  slot.state = State::free;
  gauge_.release();
  free_.append(index);
}

}  // namespace bellhop
