// The life of a call: ring, accept, decline, cancel, hang up, time out, go away.
#include "gateway/switchboard.h"
#include "protocol/json.h"

namespace bellhop {
namespace {

constexpr std::string_view kNoSuchCall = "there is no such call, or it is over";

}  // namespace

// --- Finding it ----------------------------------------------------------------------------------

const ActiveCall* Switchboard::find_ringing(UserSlot caller, UserSlot callee) const {
  for (const ActiveCall& call : calls_.active()) {
    if (call.caller == caller && call.callee == callee && state_of(call) == CallState::ringing) {
      return &call;
    }
  }
  return nullptr;
}

const ActiveCall* Switchboard::find_call(const Relay& relay, Role role) const {
  const ActiveCall* newest = nullptr;
  for (const ActiveCall& call : calls_.active()) {
    const bool called = call.caller == relay.sender && call.callee == relay.receiver;
    const bool was_called = call.callee == relay.sender && call.caller == relay.receiver;
    if (!called && !was_called) continue;
    if (relay.event.id) {
      if (call.id == *relay.event.id) return &call;
      continue;
    }
    const bool fits = (called && role != Role::callee) || (was_called && role != Role::caller);
    if (fits && (newest == nullptr || call.id > newest->id)) newest = &call;
  }
  return newest;
}

std::optional<ActiveCall> Switchboard::ringing_call(const Relay& relay, Role role) {
  const ActiveCall* call = find_call(relay, role);
  std::string_view fault;
  if (call == nullptr) {
    fault = kNoSuchCall;
  } else if (role == Role::callee && call->callee != relay.sender) {
    fault = "only the callee can accept or decline a call";
  } else if (role == Role::caller && call->caller != relay.sender) {
    fault = "only the caller can cancel a call";
  } else if (state_of(*call) != CallState::ringing) {
    fault = "the call was accepted already";
  }
  if (fault.empty()) return *call;
  refuse(relay, fault);
  return std::nullopt;
}

// --- What terminals do ---------------------------------------------------------------------------

void Switchboard::place_call(const Relay& relay) {
  if (relay.receiver == relay.sender) return refuse(relay, "nobody can call themselves");
  end_earlier_calls(relay);
  const ActiveCall* ringing = find_ringing(relay.sender, relay.receiver);
  const CallSlot slot = ringing != nullptr ? ringing->slot : start_call(relay);
  if (slot == kNoCall) return refuse(relay, "the table of calls is full");
  if (ringing != nullptr) calls_.ring_again(slot, relay.now);
  const auto message = terminal_message(relay.event);
  calls_.keep_message(slot, message[0], message[1]);
  const IdText id(calls_.at(slot).id);
  const std::size_t terminals = forward(relay, id.view()).value_or(0);
  // What rings at nobody is missed; what rings already rings on.
  const bool in_vain = terminals == 0 && ringing == nullptr;
  if (in_vain && calls_.at(slot).state == CallState::ringing) {
    calls_.end(slot, CallEnd::offline, relay.now.wall);
  }
  tell_delivery(relay, id.view(), terminals);
}

CallSlot Switchboard::start_call(const Relay& relay) {
  const std::string_view caller = users_.id(relay.sender);
  if (relay.receiver == kNoUser || users_.terminals(relay.receiver) == 0) {
    return calls_.missed_call(caller, relay.event.receiver, relay.now.wall);
  }
  return calls_.ring({.caller = relay.sender, .callee = relay.receiver}, caller,
                     relay.event.receiver, relay.now);
}

void Switchboard::end_earlier_calls(const Relay& relay) {
  // Backwards, since an end moves the last one into the place of the one that goes.
  for (std::size_t i = calls_.active().size(); i-- > 0;) {
    const ActiveCall call = calls_.active()[i];
    const bool of_both = (call.caller == relay.sender && call.callee == relay.receiver) ||
                         (call.callee == relay.sender && call.caller == relay.receiver);
    if (!of_both || state_of(call) != CallState::accepted) continue;
    calls_.end(call.slot, CallEnd::hung_up, relay.now.wall);
    send_own(
        call,
        {.from = relay.sender, .to = relay.receiver, .event = "Hangup", .reason = "called_again"},
        relay.now);
  }
}

void Switchboard::accept(const Relay& relay) {
  const auto call = ringing_call(relay, Role::callee);
  if (!call) return;
  // One who is just coming back would never hear of it, and would ring on.
  if (users_.terminals(call->caller) == 0) {
    return refuse(relay, "the caller is not connected at the moment");
  }
  calls_.accept(call->slot, relay.now.wall);
  forward_and_tell(relay, call->id);
  silence_others(relay, *call, "accepted_elsewhere");
}

void Switchboard::decline(const Relay& relay) {
  const auto call = ringing_call(relay, Role::callee);
  if (!call) return;
  calls_.end(call->slot, CallEnd::declined, relay.now.wall);
  forward_and_tell(relay, call->id);
  silence_others(relay, *call, "declined_elsewhere");
}

void Switchboard::cancel(const Relay& relay) {
  const auto call = ringing_call(relay, Role::caller);
  if (!call) return;
  calls_.end(call->slot, CallEnd::cancelled, relay.now.wall);
  miss_if_away(*call);
  forward_and_tell(relay, call->id);
}

void Switchboard::hang_up(const Relay& relay) {
  const ActiveCall* call = find_call(relay, Role::any);
  // While it rings, hanging up is what the other two words say.
  if (call != nullptr && state_of(*call) == CallState::ringing) {
    return call->caller == relay.sender ? cancel(relay) : decline(relay);
  }
  if (call == nullptr) return refuse(relay, kNoSuchCall);
  const std::uint64_t id = call->id;
  calls_.end(call->slot, CallEnd::hung_up, relay.now.wall);
  forward_and_tell(relay, id);
}

void Switchboard::silence_others(const Relay& relay, const ActiveCall& call,
                                 std::string_view reason) {
  send_own(call,
           {.from = call.caller,
            .to = call.callee,
            .event = "Cancel",
            .reason = reason,
            .but = relay.origin.session},
           relay.now);
}

void Switchboard::forward_and_tell(const Relay& relay, std::uint64_t id) {
  const IdText text(id);
  const auto terminals = forward(relay, text.view());
  if (!terminals) close_all(users_.sessions(relay.receiver));
  tell_delivery(relay, text.view(), terminals.value_or(0));
}

// --- What happens to a call ----------------------------------------------------------------------

void Switchboard::end_call_of_gone(const ActiveCall& call, UserSlot gone, Moment now) {
  const bool rang = state_of(call) == CallState::ringing;
  const bool caller_went = call.caller == gone;
  const UserSlot other = caller_went ? call.callee : call.caller;
  const CallEnd how = !rang ? CallEnd::lost : caller_went ? CallEnd::cancelled : CallEnd::offline;
  calls_.end(call.slot, how, now.wall);
  if (how == CallEnd::cancelled) miss_if_away(call);
  send_own(call,
           {.from = gone, .to = other, .event = rang ? "Cancel" : "Hangup", .reason = "offline"},
           now);
}

void Switchboard::miss_if_away(const ActiveCall& call) {
  // Its page may be loading again: it has heard neither the ring's end nor who it was.
  if (users_.terminals(call.callee) == 0) calls_.miss(call.slot);
}

void Switchboard::end_unanswered(CallSlot slot, Moment now) {
  for (const ActiveCall& active : calls_.active()) {
    if (active.slot != slot) continue;
    const ActiveCall call = active;
    calls_.end(slot, CallEnd::timeout, now.wall);
    send_own(call, {.from = call.caller, .to = call.callee, .event = "Cancel", .reason = "timeout"},
             now);
    send_own(call, {.from = call.callee, .to = call.caller, .event = "Cancel", .reason = "timeout"},
             now);
    return;
  }
}

void Switchboard::send_own(const ActiveCall& call, const OwnEvent& event, Moment now) {
  const std::span<const SessionId> to = users_.sessions(event.to, event.but);
  if (to.empty()) return;
  std::array<char, 128> message;
  JsonWriter out(message);
  out.raw(R"({"Event":)").string(event.event).raw(R"(,"Data":{"reason":)");
  out.string(event.reason).raw("}}");
  const IdText id(call.id);
  const Notice notice = writer_.event(
      {users_.id(event.from), users_.id(event.to), send_time_.literal(now.wall), id.view()},
      {out.text(), ""});
  if (effects_.notify(to, notice, Delivery::every)) return;
  close_all(to);
}

void Switchboard::close_all(std::span<const SessionId> sessions) {
  for (const SessionId session : sessions) effects_.close(session);
}

void Switchboard::send_ringing(UserSlot user, SessionId session) {
  std::size_t left = kRingingCalls;
  for (const ActiveCall& active : calls_.active()) {
    const Call& call = calls_.at(active.slot);
    if (active.callee != user || call.state != CallState::ringing) continue;
    if (left-- == 0) return;
    const IdText id(call.id);
    const Notice notice = writer_.event(
        {call.caller.view(), call.callee.view(), send_time_.literal(call.started), id.view()},
        {stored_message(call), ""});
    if (!effects_.notify({&session, 1}, notice, Delivery::every)) return effects_.close(session);
  }
}

std::string_view Switchboard::stored_message(const Call& call) const {
  return call.message.empty() ? R"({"Event":"Call","Data":{}})" : call.message.view();
}

}  // namespace bellhop
