// Frames, calls and what goes out.
#include <algorithm>
#include <array>

#include "base/local_time.h"
#include "switchboard/naive.h"

namespace bellhop::model::switchboard {
namespace {

constexpr std::size_t kKeptBytes = 1024;
constexpr std::size_t kMissedInOneFrame = 16;
constexpr const char* kNoSuchCall = "there is no such call, or it is over";
constexpr const char* kUnknownMessage = R"({"Event":"Call","Data":{}})";

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string event_json(const std::string& sender, const std::string& receiver,
                       const std::string& time, std::uint64_t id, const std::string& message) {
  return R"({"Sender":")" + sender + R"(","Receiver":")" + receiver + R"(","SendTime":)" + time +
         R"(,"Type":"Event","Id":")" + std::to_string(id) + R"(","Message":)" + message + "}";
}

}  // namespace

std::string Naive::time_literal(std::int64_t wall) {
  std::array<char, kSendTimeSize> text;
  return quoted(format_send_time(WallTime{Duration{wall}}, text));
}

/// As the terminal sends it.
std::string Naive::message_of(const Operation& operation) {
  const std::string event = R"({"Event":)" + quoted(operation.event);
  if (operation.body == Body::bare) return event + "}";
  if (operation.body == Body::data) return event + R"(,"Data":{"type":"呼叫","n":1.0}})";
  std::string text = event + R"(,"Data":")";
  const std::size_t size = kKeptBytes + (operation.body == Body::too_long ? 1 : 0);
  text.append(size - text.size() - 2, 'x');
  return text + "\"}";
}

std::optional<std::uint64_t> Naive::id_of(const Operation& operation) const {
  if (operation.id_back == 0) return std::nullopt;
  return next_id_ > operation.id_back ? next_id_ - operation.id_back : 0;
}

// --- Frames --------------------------------------------------------------------------------------

void Naive::relay(const Operation& operation, SessionId session, Now now) {
  NaiveFrame frame = {operation,
                      session,
                      user_of(session),
                      std::string(operation.user),
                      id_of(operation),
                      message_of(operation),
                      now};
  if (operation.body == Body::bare) {  // pages read Message.Data.type of every event
    frame.message.pop_back();
    frame.message += R"(,"Data":{}})";
  }
  if (!operation.sender.empty() && operation.sender != frame.sender) {
    return refuse(frame, "Sender is not the user of this connection's token");
  }
  if (operation.event == "Call") return call(frame);
  if (operation.event == "Accept") return answer(frame, true);
  if (operation.event == "Decline") return answer(frame, false);
  if (operation.event == "Cancel") return cancel(frame);
  if (operation.event == "Hangup") return hang_up(frame);
  const std::uint64_t id = frame.id ? *frame.id : next_id_++;
  receipt(frame, id, forward(frame, id));
}

void Naive::call(const NaiveFrame& frame) {
  if (frame.receiver == frame.sender) return refuse(frame, "nobody can call themselves");
  for (NaiveCall& known : calls) {
    const bool called = known.caller == frame.sender && known.callee == frame.receiver;
    const bool was_called = known.callee == frame.sender && known.caller == frame.receiver;
    if ((!called && !was_called) || known.state != CallState::accepted) continue;
    end(known, CallEnd::hung_up, frame.now);
    own_event(known, called, "Hangup", "called_again", frame.now);
  }
  NaiveCall* call = nullptr;
  for (NaiveCall& known : calls) {
    const bool same = known.caller == frame.sender && known.callee == frame.receiver;
    if (same && known.state == CallState::ringing) call = &known;
  }
  const bool again = call != nullptr;
  if (again) {
    ring(call->id, frame.now);
  } else {
    call = new_call(frame);
  }
  if (call == nullptr) return refuse(frame, "the table of calls is full");
  call->message = frame.message.size() <= kKeptBytes ? frame.message : "";
  const std::size_t reached = forward(frame, call->id);
  // What rings already rings on.
  if (reached == 0 && !again) end(*call, CallEnd::offline, frame.now);
  receipt(frame, call->id, reached);
}

void Naive::answer(const NaiveFrame& frame, bool accepted) {
  NaiveCall* call = ringing_call(frame, false);
  if (call == nullptr) return;
  if (accepted && terminals_of(call->caller) == 0) {
    return refuse(frame, "the caller is not connected at the moment");
  }
  if (accepted) {
    accept(*call, frame.now);
  } else {
    end(*call, CallEnd::declined, frame.now);
  }
  tell_of_change(frame, call->id);
  own_event(*call, true, "Cancel", accepted ? "accepted_elsewhere" : "declined_elsewhere",
            frame.now, frame.session);
}

void Naive::cancel(const NaiveFrame& frame) {
  NaiveCall* call = ringing_call(frame, true);
  if (call == nullptr) return;
  end(*call, CallEnd::cancelled, frame.now);
  call->missed = terminals_of(call->callee) == 0;
  tell_of_change(frame, call->id);
}

void Naive::hang_up(const NaiveFrame& frame) {
  NaiveCall* call = find_call(frame, true, true);
  if (call == nullptr) return refuse(frame, kNoSuchCall);
  if (call->state == CallState::ringing) {
    return call->caller == frame.sender ? cancel(frame) : answer(frame, false);
  }
  end(*call, CallEnd::hung_up, frame.now);
  tell_of_change(frame, call->id);
}

/// By its Id; without one the newest in which the sender has a part that is asked for.
NaiveCall* Naive::find_call(const NaiveFrame& frame, bool as_caller, bool as_callee) {
  NaiveCall* newest = nullptr;
  for (NaiveCall& call : calls) {
    if (call.state == CallState::ended) continue;
    const bool placed = call.caller == frame.sender && call.callee == frame.receiver;
    const bool got = call.callee == frame.sender && call.caller == frame.receiver;
    if (!placed && !got) continue;
    if (frame.id && call.id == *frame.id) return &call;
    if (frame.id || !((placed && as_caller) || (got && as_callee))) continue;
    if (newest == nullptr || call.id > newest->id) newest = &call;
  }
  return newest;
}

NaiveCall* Naive::ringing_call(const NaiveFrame& frame, bool as_caller) {
  NaiveCall* call = find_call(frame, as_caller, !as_caller);
  std::string reason;
  if (call == nullptr) {
    reason = kNoSuchCall;
  } else if (as_caller && call->caller != frame.sender) {
    reason = "only the caller can cancel a call";
  } else if (!as_caller && call->callee != frame.sender) {
    reason = "only the callee can accept or decline a call";
  } else if (call->state == CallState::accepted) {
    reason = "the call was accepted already";
  }
  if (reason.empty()) return call;
  refuse(frame, reason);
  return nullptr;
}

// --- For those who come --------------------------------------------------------------------------

void Naive::send_missed(const std::string& user, SessionId session, Now now) {
  std::vector<NaiveCall*> missed;
  for (NaiveCall& call : calls) {
    if (call.missed && call.callee == user) missed.push_back(&call);
  }
  std::sort(missed.begin(), missed.end(),
            [](const NaiveCall* a, const NaiveCall* b) { return a->id < b->id; });
  for (std::size_t first = 0; first < missed.size(); first += kMissedInOneFrame) {
    const std::size_t end = std::min(first + kMissedInOneFrame, missed.size());
    std::string entries;
    for (std::size_t i = first; i < end; ++i) {
      const NaiveCall& call = *missed[i];
      entries += entries.empty() ? "" : ",";
      entries += R"({"Id":")" + std::to_string(call.id) + R"(","Sender":")" + call.caller +
                 R"(","SendTime":)" + time_literal(call.started) + R"(,"Reason":")" +
                 std::string(call_end_name(call.end)) + R"(","Message":)" +
                 (call.message.empty() ? kUnknownMessage : call.message) + "}";
    }
    const auto queued = notify({session}, "Missed",
                               R"({"Type":"Missed","SendTime":)" + time_literal(now.wall) +
                                   R"(,"Message":[)" + entries + "]}");
    if (queued.value_or(0) == 0) return;
    for (std::size_t i = first; i < end; ++i) missed[i]->missed = false;
  }
}

void Naive::send_ringing(const std::string& user, SessionId session) {
  for (const NaiveCall& call : calls) {
    if (call.callee != user || call.state != CallState::ringing) continue;
    const auto queued =
        notify({session}, "Event",
               event_json(call.caller, call.callee, time_literal(call.started), call.id,
                          call.message.empty() ? kUnknownMessage : call.message));
    if (queued) continue;
    effects.push_back({Effect::Kind::close, {session}, ""});
    return;
  }
}

void Naive::restore_call(const Operation& operation, Now now) {
  if (!room_for_a_call()) return;
  NaiveCall call;
  call.id = next_id_++;
  call.caller = operation.sender;
  call.callee = operation.user;
  call.started = now.wall - 1000;
  call.state = CallState::ended;
  call.ended = now.wall;
  call.missed = operation.state == 0 || operation.state == 2;
  call.end = operation.state < 2    ? CallEnd::interrupted
             : operation.state == 2 ? CallEnd::timeout
                                    : CallEnd::hung_up;
  // What was over before this run is counted by none.
  if (operation.state < 2) ++ended[static_cast<std::size_t>(CallEnd::interrupted)];
  calls.push_back(call);
}

// --- What goes out -------------------------------------------------------------------------------

std::optional<std::size_t> Naive::notify(const std::vector<SessionId>& to, const std::string& type,
                                         const std::string& json, bool latest) {
  if (trouble_.no_memory) {
    effects.push_back({Effect::Kind::no_memory, to, quoted(type)});
    return std::nullopt;
  }
  effects.push_back(
      {latest ? Effect::Kind::send_latest : Effect::Kind::send, to, quoted(type) + json});
  std::size_t queued = 0;
  for (const SessionId session : to) queued += session.index != trouble_.deaf_session ? 1U : 0U;
  return queued;
}

/// Who cannot be told what became of a call must come back.
void Naive::tell_of_change(const NaiveFrame& frame, std::uint64_t id) {
  const std::size_t reached = forward(frame, id);
  if (trouble_.no_memory) {
    for (const SessionId session : sessions_of(frame.receiver)) {
      effects.push_back({Effect::Kind::close, {session}, ""});
    }
  }
  receipt(frame, id, reached);
}

std::size_t Naive::forward(const NaiveFrame& frame, std::uint64_t id) {
  const std::vector<SessionId> to = sessions_of(frame.receiver);
  if (to.empty()) return 0;
  const std::string time =
      frame.operation.own_time ? R"("yesterday")" : time_literal(frame.now.wall);
  return notify(to, "Event", event_json(frame.sender, frame.receiver, time, id, frame.message))
      .value_or(0);
}

void Naive::receipt(const NaiveFrame& frame, std::uint64_t id, std::size_t reached) {
  ++(reached > 0 ? counters.delivered : counters.offline);
  tell(frame.operation, frame.session, "Receipt",
       R"({"Type":"Receipt","SendTime":)" + time_literal(frame.now.wall) + R"(,"Message":{"Id":")" +
           std::to_string(id) + R"(","Event":)" + quoted(frame.operation.event) +
           R"(,"Receiver":")" + frame.receiver + R"(","Status":")" +
           (reached > 0 ? "delivered" : "offline") + R"(","Terminals":)" + std::to_string(reached) +
           "}}");
}

void Naive::refuse(const NaiveFrame& frame, const std::string& reason) {
  ++counters.refused;
  tell(frame.operation, frame.session, "Receipt",
       R"({"Type":"Receipt","SendTime":)" + time_literal(frame.now.wall) + R"(,"Message":{"Id":")" +
           (frame.id ? std::to_string(*frame.id) : "") + R"(","Event":)" +
           quoted(frame.operation.event) + R"(,"Receiver":")" + frame.receiver +
           R"(","Status":"refused","Reason":")" + reason + "\"}}");
}

void Naive::tell(const Operation& operation, SessionId session, const std::string& type,
                 const std::string& json) {
  if (!notify({session}, type, json)) {
    effects.push_back({Effect::Kind::close, {session}, ""});
  } else if (operation.acknowledged) {
    effects.push_back({Effect::Kind::acknowledge, {session}, json});
  }
}

void Naive::own_event(const NaiveCall& call, bool from_caller, const std::string& event,
                      const std::string& reason, Now now, SessionId but) {
  const std::string& from = from_caller ? call.caller : call.callee;
  const std::string& receiver = from_caller ? call.callee : call.caller;
  const std::vector<SessionId> to = sessions_of(receiver, but);
  if (to.empty()) return;
  const std::string message = R"({"Event":")" + event + R"(","Data":{"reason":")" + reason + "\"}}";
  if (notify(to, "Event", event_json(from, receiver, time_literal(now.wall), call.id, message))) {
    return;
  }
  for (const SessionId session : to) effects.push_back({Effect::Kind::close, {session}, ""});
}

}  // namespace bellhop::model::switchboard
