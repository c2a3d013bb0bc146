#include "gateway/calls.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace bellhop {
namespace {

constexpr std::array<std::string_view, 4> kStateNames = {"free", "ringing", "accepted", "ended"};
constexpr std::array<std::string_view, kCallEnds> kEndNames = {
    "", "hung_up", "declined", "cancelled", "timeout", "offline", "lost", "interrupted"};

}  // namespace

std::string_view call_state_name(CallState state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

std::string_view call_end_name(CallEnd end) {
  return kEndNames[static_cast<std::size_t>(end)];
}

std::optional<CallState> parse_call_state(std::string_view name) {
  for (std::size_t i = 1; i < kStateNames.size(); ++i) {
    if (kStateNames[i] == name) return static_cast<CallState>(i);
  }
  return std::nullopt;
}

std::optional<CallEnd> parse_call_end(std::string_view name) {
  for (std::size_t i = 0; i < kCallEnds; ++i) {
    if (kEndNames[i] == name) return static_cast<CallEnd>(i);
  }
  return std::nullopt;
}

Calls::Calls(const CallsOptions& options)
    : calls_(options.calls),
      active_(options.calls),
      missed_(options.calls),
      next_id_(options.first_id),
      ring_due_(options.calls, options.ring_timeout),
      changed_(options.calls) {
  gauge_.capacity = options.calls;
}

// --- Slots ---------------------------------------------------------------------------------------

CallSlot Calls::take_slot() {
  for (std::size_t tried = 0; tried < calls_.size(); ++tried) {
    const CallSlot slot = next_slot_;
    next_slot_ = static_cast<CallSlot>((next_slot_ + 1) % calls_.size());
    const CallState state = calls_[slot].state;
    if (state == CallState::free) gauge_.take();
    if (state == CallState::free || state == CallState::ended) return slot;
  }
  gauge_.refuse();
  return kNoCall;
}

CallSlot Calls::create(std::string_view caller, std::string_view callee, WallTime now) {
  const CallSlot slot = take_slot();
  if (slot == kNoCall) return slot;
  Call& call = calls_[slot];
  if (call.missed) missed_.erase(slot);  // never told: the table is as long as its history
  call.id = next_id_++;
  call.end = CallEnd::none;
  call.missed = false;
  [[maybe_unused]] const bool fit = call.caller.assign(caller) && call.callee.assign(callee);
  assert(fit);
  call.started = now;
  call.accepted = {};
  call.ended = {};
  call.message.clear();
  changed_.mark(slot);
  return slot;
}

// --- Calls under way -----------------------------------------------------------------------------

CallSlot Calls::ring(const ActiveCall& parties, std::string_view caller, std::string_view callee,
                     Moment now) {
  const CallSlot slot = create(caller, callee, now.wall);
  if (slot == kNoCall) return slot;
  calls_[slot].state = CallState::ringing;
  active_.append({calls_[slot].id, parties.caller, parties.callee, slot});
  ring_due_.arm(slot, now.now);
  return slot;
}

CallSlot Calls::missed_call(std::string_view caller, std::string_view callee, WallTime now) {
  const CallSlot slot = create(caller, callee, now);
  if (slot != kNoCall) {
    calls_[slot].state = CallState::ringing;
    end(slot, CallEnd::offline, now);
  }
  return slot;
}

void Calls::keep_message(CallSlot slot, std::string_view head, std::string_view tail) {
  std::array<char, kCallMessageBytes> text;
  FixedString<kCallMessageBytes>& message = calls_[slot].message;
  message.clear();
  changed_.mark(slot);
  if (head.size() + tail.size() > text.size()) return;
  tail.copy(text.data() + head.copy(text.data(), head.size()), tail.size());
  static_cast<void>(message.assign({text.data(), head.size() + tail.size()}));
}

void Calls::accept(CallSlot slot, WallTime now) {
  Call& call = calls_[slot];
  assert(call.state == CallState::ringing);
  call.state = CallState::accepted;
  call.accepted = now;
  ring_due_.disarm(slot);
  changed_.mark(slot);
}

void Calls::end(CallSlot slot, CallEnd how, WallTime now) {
  Call& call = calls_[slot];
  assert(call.state == CallState::ringing || call.state == CallState::accepted);
  call.state = CallState::ended;
  call.end = how;
  call.ended = now;
  call.missed = false;
  if (how == CallEnd::timeout || how == CallEnd::offline) miss(slot);
  ++ended_[static_cast<std::size_t>(how)];
  ring_due_.disarm(slot);
  forget_active(slot);
  changed_.mark(slot);
}

void Calls::miss(CallSlot slot) {
  assert(calls_[slot].state == CallState::ended && !calls_[slot].missed);
  calls_[slot].missed = true;
  missed_.append(slot);
  changed_.mark(slot);
}

void Calls::forget_active(CallSlot slot) {
  for (std::size_t i = 0; i < active_.size(); ++i) {
    if (active_[i].slot == slot) return active_.swap_remove(i);
  }
}

CallSlot Calls::pop_unanswered(Instant now) {
  CallSlot slot = kNoCall;
  Instant due;
  return ring_due_.pop_expired(now, slot, due) ? slot : kNoCall;
}

// --- Missed ones ---------------------------------------------------------------------------------

CallSlot Calls::next_missed(std::string_view callee, std::uint64_t after) const {
  CallSlot oldest = kNoCall;
  for (const CallSlot slot : missed_.span()) {
    const Call& call = calls_[slot];
    if (call.id <= after || call.callee.view() != callee) continue;
    if (oldest == kNoCall || call.id < calls_[oldest].id) oldest = slot;
  }
  return oldest;
}

void Calls::told(CallSlot slot) {
  assert(calls_[slot].missed);
  calls_[slot].missed = false;
  missed_.erase(slot);
  changed_.mark(slot);
}

// --- Listings and the store ----------------------------------------------------------------------

void Calls::mark_all_changed() {
  for (CallSlot slot = 0; slot < calls_.size(); ++slot) changed_.mark(slot);
}

void Calls::restore(const Call& call, WallTime now) {
  const auto known = [&call](const Call& other) {
    return other.state != CallState::free && other.id == call.id;
  };
  const Call& oldest = calls_[next_slot_];
  const bool newer = oldest.state != CallState::free && oldest.id > call.id;
  if (newer || std::any_of(calls_.begin(), calls_.end(), known)) return;
  const CallSlot slot = create(call.caller.view(), call.callee.view(), call.started);
  if (slot == kNoCall) return;
  calls_[slot] = call;
  skip_ids(call.id + 1);
  calls_[slot].missed = false;
  if (call.state != CallState::ended) end(slot, CallEnd::interrupted, now);
  if (call.missed || call.state == CallState::ringing) miss(slot);
}

}  // namespace bellhop
