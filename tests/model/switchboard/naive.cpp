// Users, connections, the list and time; frames and calls are in naive_calls.cpp.
#include "switchboard/naive.h"

#include <algorithm>

namespace bellhop::model::switchboard {
namespace {

constexpr std::int64_t kGrace = 5000;
constexpr std::int64_t kListInterval = 100;

template <class What>
void forget(std::vector<Due<What>>& list, const What& what) {
  std::erase_if(list, [&what](const Due<What>& due) { return due.what == what; });
}

/// Takes the first one out that is due.
template <class What>
std::optional<What> take_due(std::vector<Due<What>>& list, std::int64_t now) {
  if (list.empty() || list.front().at > now) return std::nullopt;
  const What what = list.front().what;
  list.erase(list.begin());
  return what;
}

}  // namespace

void Naive::apply(const Operation& operation, SessionId session, Now now) {
  effects.clear();
  trouble_ = operation.trouble;
  switch (operation.kind) {
    case Kind::sign_in:
      sign_in(operation, session, now);
      break;
    case Kind::sign_out:
      sign_out(session, true, now);
      break;
    case Kind::lose:
      sign_out(session, false, now);
      break;
    case Kind::relay:
      relay(operation, session, now);
      break;
    case Kind::heart_check:
      notify({session}, "Heartbeat",
             R"({"Type":"Heartbeat","SendTime":)" + time_literal(now.wall) + "}");
      break;
    case Kind::complain:
      ++counters.errors;
      tell(operation, session, "Error",
           R"({"Type":"Error","Message":{"Code":"malformed","Reason":"odd at byte 7"}})");
      break;
    case Kind::wait:
      while (const auto user = take_due(leaving_, now.ms)) gone(*user, now);
      while (const auto id = take_due(ringing_, now.ms)) not_answered(*id, now);
      if (list_due_ && list_allowed_ <= now.ms) send_list_to_all(now);
      break;
    case Kind::restore_user:
      restore_user(operation, now);
      break;
    case Kind::restore_call:
      restore_call(operation, now);
      break;
    case Kind::sync:
      break;
  }
  most_users = std::max(most_users, users.size());
  most_calls = std::max(most_calls, calls.size());
}

std::optional<std::int64_t> Naive::next_due() const {
  std::optional<std::int64_t> next;
  const auto sooner = [&next](std::int64_t at) { next = next ? std::min(*next, at) : at; };
  for (const auto& due : leaving_) sooner(due.at);
  for (const auto& due : ringing_) sooner(due.at);
  if (list_due_) sooner(list_allowed_);
  return next;
}

// --- Users and connections -----------------------------------------------------------------------

NaiveUser* Naive::find_user(std::string_view id) {
  for (NaiveUser& user : users) {
    if (user.id == id) return &user;
  }
  return nullptr;
}

std::string Naive::user_of(SessionId session) const {
  for (const NaiveTerminal& terminal : terminals) {
    if (terminal.session == session) return terminal.user;
  }
  return "";
}

std::vector<SessionId> Naive::sessions_of(std::string_view user, SessionId but) const {
  std::vector<SessionId> sessions;  // the newest first
  for (const NaiveTerminal& terminal : terminals) {
    if (terminal.user == user && terminal.session != but) {
      sessions.insert(sessions.begin(), terminal.session);
    }
  }
  return sessions;
}

std::size_t Naive::terminals_of(std::string_view user) const {
  return sessions_of(user).size();
}

bool Naive::online(std::string_view user) const {
  return std::find(list.begin(), list.end(), user) != list.end();
}

/// In a full table the one that is not online and was seen longest ago gives way.
bool Naive::make_room(std::string_view id, bool only_look) {
  if (find_user(id) != nullptr || users.size() < tables_.users) return true;
  const NaiveUser* oldest = nullptr;
  for (const NaiveUser& user : users) {
    if (online(user.id)) continue;
    if (oldest == nullptr || user.last_seen < oldest->last_seen) oldest = &user;
  }
  if (oldest == nullptr) return false;
  if (!only_look) {
    const std::string gone = oldest->id;
    std::erase_if(users, [&gone](const NaiveUser& user) { return user.id == gone; });
  }
  return true;
}

void Naive::sign_in(const Operation& operation, SessionId session, Now now) {
  const std::string id(operation.user);
  had_room = make_room(id, true);
  if (!had_room) {
    ++user_refusals;
    return;
  }
  static_cast<void>(make_room(id, false));
  if (find_user(id) == nullptr) users.push_back({id, "", now.wall});
  NaiveUser& user = *find_user(id);
  if (!operation.name.empty()) user.name = operation.name;
  if (terminals_of(id) == 0) user.last_seen = now.wall;
  terminals.push_back({session, id, std::nullopt});
  forget(leaving_, id);
  if (!online(id)) {
    list.push_back(id);
    list_changed(now);
  }
  if (terminals.back().has_list != list_number_) send_list({session}, now);
  send_missed(id, session, now);
  send_ringing(id, session);
}

void Naive::sign_out(SessionId session, bool goodbye, Now now) {
  const std::string user = user_of(session);
  if (user.empty()) return;
  std::erase_if(terminals, [session](const NaiveTerminal& t) { return t.session == session; });
  if (terminals_of(user) > 0) return;
  find_user(user)->last_seen = now.wall;
  if (goodbye) return gone(user, now);
  leaving_.push_back({user, now.ms + kGrace});
}

void Naive::gone(const std::string& user, Now now) {
  std::erase(list, user);
  list_changed(now);
  const std::vector<NaiveCall> before = calls;
  for (const NaiveCall& was : before) {
    if (was.caller != user && was.callee != user) continue;
    if (was.state == CallState::ended) continue;
    const auto call = std::find_if(calls.begin(), calls.end(),
                                   [&was](const NaiveCall& c) { return c.id == was.id; });
    const bool rang = was.state == CallState::ringing;
    const bool caller_went = was.caller == user;
    end(*call, !rang ? CallEnd::lost : caller_went ? CallEnd::cancelled : CallEnd::offline, now);
    if (call->end == CallEnd::cancelled) call->missed = terminals_of(call->callee) == 0;
    own_event(*call, caller_went, rang ? "Cancel" : "Hangup", "offline", now);
  }
}

void Naive::restore_user(const Operation& operation, Now now) {
  const std::string id(operation.user);
  if (find_user(id) != nullptr || users.size() == tables_.users) return;
  users.push_back({id, std::string(operation.name), now.wall});
  if (!operation.listed) return;
  list.push_back(id);  // nobody is told: at a start there is nobody yet
  leaving_.push_back({id, now.ms + kGrace});
}

// --- The list ------------------------------------------------------------------------------------

void Naive::list_changed(Now now) {
  ++list_number_;
  list_due_ = true;
  if (list_allowed_ <= now.ms) send_list_to_all(now);
}

void Naive::send_list_to_all(Now now) {
  list_due_ = false;
  std::vector<SessionId> behind;
  for (const NaiveTerminal& terminal : terminals) {
    if (terminal.has_list != list_number_) behind.push_back(terminal.session);
  }
  if (!behind.empty() && send_list(behind, now)) ++list_counters.lists;
  list_allowed_ = std::max(list_allowed_, now.ms + kListInterval);
}

bool Naive::send_list(const std::vector<SessionId>& to, Now now) {
  std::string ids;
  for (const std::string& user : list) ids += (ids.empty() ? "\"" : ",\"") + user + "\"";
  const auto queued = notify(
      to, "Chat",
      R"({"Type":"Chat","SendTime":)" + time_literal(now.wall) + R"(,"Message":[)" + ids + "]}",
      true);
  if (!queued) {
    list_due_ = true;
    list_allowed_ = std::max(list_allowed_, now.ms + kListInterval);
    return false;
  }
  for (NaiveTerminal& terminal : terminals) {
    if (std::find(to.begin(), to.end(), terminal.session) != to.end()) {
      terminal.has_list = list_number_;
    }
  }
  const std::uint64_t bytes = ids.size() * to.size();
  list_counters.list_bytes += bytes;
  const auto cost = static_cast<std::int64_t>(bytes * 1000 / tables_.list_bytes_per_second);
  list_allowed_ = std::max(list_allowed_, now.ms) + cost;
  return true;
}

// --- Calls in time -------------------------------------------------------------------------------

void Naive::not_answered(std::uint64_t id, Now now) {
  for (NaiveCall& call : calls) {
    if (call.id != id) continue;
    end(call, CallEnd::timeout, now);
    own_event(call, true, "Cancel", "timeout", now);
    own_event(call, false, "Cancel", "timeout", now);
    return;
  }
}

void Naive::ring(std::uint64_t id, Now now) {
  constexpr std::int64_t kRingTimeout = 30000;
  forget(ringing_, id);
  ringing_.push_back({id, now.ms + kRingTimeout});
}

void Naive::accept(NaiveCall& call, Now now) {
  call.state = CallState::accepted;
  call.accepted = now.wall;
  forget(ringing_, call.id);
}

bool Naive::room_for_a_call() {
  if (calls.size() < tables_.calls) return true;
  // The oldest gives way; one under way whose turn it is goes to the end of the line.
  const auto under_way = [](const NaiveCall& call) { return call.state != CallState::ended; };
  const auto oldest = std::find_if_not(calls.begin(), calls.end(), under_way);
  if (oldest == calls.end()) {
    ++call_refusals;
    return false;
  }
  std::rotate(calls.begin(), oldest, calls.end());
  calls.erase(calls.begin());
  return true;
}

NaiveCall* Naive::new_call(const NaiveFrame& frame) {
  if (!room_for_a_call()) return nullptr;
  NaiveCall call;
  call.id = next_id_++;
  call.caller = frame.sender;
  call.callee = frame.receiver;
  call.started = frame.now.wall;
  calls.push_back(call);
  ring(call.id, frame.now);
  return &calls.back();
}

void Naive::end(NaiveCall& call, CallEnd how, Now now) {
  call.state = CallState::ended;
  call.end = how;
  call.ended = now.wall;
  call.missed = how == CallEnd::timeout || how == CallEnd::offline;
  ++ended[static_cast<std::size_t>(how)];
  forget(ringing_, call.id);
}

}  // namespace bellhop::model::switchboard
