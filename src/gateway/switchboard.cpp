// Connections, frames and time; the life of a call is in switchboard_calls.cpp.
#include "gateway/switchboard.h"

#include <algorithm>

#include "protocol/json.h"

namespace bellhop {

Switchboard::Switchboard(const SwitchboardOptions& options, Effects& effects)
    : effects_(effects),
      users_(options.users),
      presence_(options.presence, users_, options.users.sessions, effects),
      calls_(options.calls),
      missed_text_(kMissedBytes) {}

// --- Connections ---------------------------------------------------------------------------------

bool Switchboard::sign_in(SessionId session, std::string_view id, std::string_view name,
                          Moment now) {
  const UserSlot user = users_.sign_in(id, name, session, now.wall);
  if (user == kNoUser) return false;
  presence_.arrived(user, session, now);
  send_missed(user, session, now);
  send_ringing(user, session);
  return true;
}

void Switchboard::sign_out(SessionId session, Farewell farewell, Moment now) {
  const UserSlot user = users_.sign_out(session, now.wall);
  if (user == kNoUser || users_.terminals(user) > 0) return;
  if (farewell == Farewell::lost) return presence_.left(user, now);
  gone(user, now);
}

void Switchboard::gone(UserSlot user, Moment now) {
  presence_.removed(user, now);
  // Backwards, since an end takes the call out and moves the last one into its place.
  for (std::size_t i = calls_.active().size(); i-- > 0;) {
    const ActiveCall call = calls_.active()[i];
    if (call.caller == user || call.callee == user) end_call_of_gone(call, user, now);
  }
}

void Switchboard::restore_user(std::string_view id, std::string_view name, bool listed,
                               WallTime last_seen, Moment now) {
  // One who was online was seen until the gateway went, a moment ago. Nobody was seen in the
  // future: the clock was set back.
  const UserSlot user = users_.restore(id, name, listed ? now.wall : std::min(last_seen, now.wall));
  if (user != kNoUser && listed) presence_.restored(user, now);
}

// --- What they send ------------------------------------------------------------------------------

void Switchboard::relay(const Origin& origin, const TerminalEvent& event, Moment now) {
  const Relay relay = {origin, event, now, users_.user_of(origin.session),
                       users_.find(event.receiver)};
  if (event.sender && *event.sender != users_.id(relay.sender)) {
    return refuse(relay, "Sender is not the user of this connection's token");
  }
  struct Life {
    std::string_view event;
    void (Switchboard::*rule)(const Relay&);
  };
  static constexpr Life kLife[] = {{"Call", &Switchboard::place_call},
                                   {"Accept", &Switchboard::accept},
                                   {"Decline", &Switchboard::decline},
                                   {"Cancel", &Switchboard::cancel},
                                   {"Hangup", &Switchboard::hang_up}};
  for (const Life& life : kLife) {
    if (life.event == event.event) return (this->*life.rule)(relay);
  }
  pass_on(relay);
}

void Switchboard::heart_check(SessionId session, Moment now) {
  static_cast<void>(effects_.notify({&session, 1}, writer_.heartbeat(send_time_.literal(now.wall)),
                                    Delivery::every));
}

void Switchboard::complain(const Origin& origin, const TerminalFault& fault) {
  ++counters_.errors;
  tell(origin, R"("Error")", writer_.error(fault));
}

void Switchboard::pass_on(const Relay& relay) {
  const IdText id(relay.event.id ? *relay.event.id : calls_.take_id());
  tell_delivery(relay, id.view(), forward(relay, id.view()).value_or(0));
}

// --- Frames out ----------------------------------------------------------------------------------

std::optional<std::size_t> Switchboard::forward(const Relay& relay, std::string_view id) {
  if (relay.receiver == kNoUser || users_.terminals(relay.receiver) == 0) return 0;
  const TerminalEvent& event = relay.event;
  const std::string_view send_time = event.send_time_literal.empty()
                                         ? send_time_.literal(relay.now.wall)
                                         : event.send_time_literal;
  const Notice notice = writer_.event(
      {users_.id(relay.sender), users_.id(relay.receiver), send_time, id}, terminal_message(event));
  return effects_.notify(users_.sessions(relay.receiver), notice, Delivery::every);
}

void Switchboard::tell_delivery(const Relay& relay, std::string_view id, std::size_t terminals) {
  ++(terminals > 0 ? counters_.delivered : counters_.offline);
  tell(relay,
       {.id = id, .status = terminals > 0 ? "delivered" : "offline", .terminals = terminals});
}

void Switchboard::refuse(const Relay& relay, std::string_view reason) {
  ++counters_.refused;
  const IdText id(relay.event.id.value_or(0));
  tell(relay, {.id = relay.event.id ? id.view() : "", .status = "refused", .reason = reason});
}

void Switchboard::tell(const Relay& relay, const Receipt& receipt) {
  Receipt full = receipt;
  full.event_literal = relay.event.event_literal;
  full.receiver = relay.event.receiver;
  tell(relay.origin, R"("Receipt")", writer_.receipt(full, send_time_.literal(relay.now.wall)));
}

void Switchboard::tell(const Origin& origin, std::string_view type_literal, std::string_view json) {
  const Notice notice = {type_literal, {&json, 1}};
  // Without its answer a sender would wait for ever; one that is closed comes back.
  if (!effects_.notify({&origin.session, 1}, notice, Delivery::every)) {
    return effects_.close(origin.session);
  }
  effects_.acknowledge(origin, json);
}

void Switchboard::send_missed(UserSlot user, SessionId session, Moment now) {
  std::uint64_t after = 0;
  for (std::size_t frame = 0; frame < kMissedFrames; ++frame) {
    JsonWriter out(missed_text_.span());
    std::array<CallSlot, kMissedCalls> told;
    std::size_t count = 0;
    while (count < told.size()) {
      const CallSlot slot = calls_.next_missed(users_.id(user), after);
      if (slot == kNoCall) break;
      const Call& call = calls_.at(slot);
      std::array<char, kSendTimeSize> when;
      out.raw(count == 0 ? "" : ",").raw(R"({"Id":")").raw(IdText(call.id).view());
      out.raw(R"(","Sender":")").raw(call.caller.view()).raw(R"(","SendTime":")");
      out.raw(format_send_time(call.started, when)).raw(R"(","Reason":")");
      out.raw(call_end_name(call.end)).raw(R"(","Message":)").raw(stored_message(call)).raw("}");
      told[count++] = slot;
      after = call.id;
    }
    if (count == 0) return;
    const Notice notice = writer_.missed(out.text(), send_time_.literal(now.wall));
    if (effects_.notify({&session, 1}, notice, Delivery::every).value_or(0) == 0) return;
    for (std::size_t i = 0; i < count; ++i) calls_.told(told[i]);
  }
}

// --- Time ----------------------------------------------------------------------------------------

Instant Switchboard::next_due() const {
  return std::min(presence_.next_due(), calls_.next_due());
}

void Switchboard::expire(Moment now) {
  for (UserSlot user = presence_.pop_expired(now); user != kNoUser;
       user = presence_.pop_expired(now)) {
    gone(user, now);
  }
  for (CallSlot slot = calls_.pop_unanswered(now.now); slot != kNoCall;
       slot = calls_.pop_unanswered(now.now)) {
    end_unanswered(slot, now);
  }
  presence_.expire(now);
}

}  // namespace bellhop
