#include "switchboard/world.h"

#include <algorithm>

namespace bellhop::model::switchboard {
namespace {

constexpr std::uint64_t kAckId = 7;
constexpr TerminalFault kFault = {"malformed", "odd", 7};

SwitchboardOptions switchboard_options(const Tables& tables) {
  SwitchboardOptions options;
  options.users = {.users = tables.users, .sessions = tables.sessions};
  options.presence.bytes_per_second = tables.list_bytes_per_second;
  options.calls.calls = tables.calls;
  return options;
}

std::int64_t ms_of(WallTime time) {
  return time.time_since_epoch().count();
}

std::string text_of(const NaiveCall& call) {
  return " " + std::to_string(call.id) + " '" + call.caller + "' to '" + call.callee + "' " +
         std::string(call_state_name(call.state)) + " " + std::string(call_end_name(call.end)) +
         (call.missed ? " missed, " : ", ") + std::to_string(call.started) + "/" +
         std::to_string(call.accepted) + "/" + std::to_string(call.ended) + " " + call.message;
}

/// The order in which one step's lists go to terminals, and in which it ends several calls, is
/// nobody's business.
void put_in_order(std::vector<Effect>& effects) {
  for (Effect& effect : effects) {
    if (!effect.text.starts_with(R"("Chat")")) continue;
    std::sort(effect.to.begin(), effect.to.end(),
              [](SessionId a, SessionId b) { return a.index < b.index; });
  }
  const auto about_calls = [](const Effect& effect) {
    return effect.kind == Effect::Kind::close || effect.text.starts_with(R"("Event")");
  };
  const auto less = [](const Effect& a, const Effect& b) {
    if (a.text != b.text) return a.text < b.text;
    return std::lexicographical_compare(a.to.begin(), a.to.end(), b.to.begin(), b.to.end(),
                                        [](SessionId x, SessionId y) { return x.index < y.index; });
  };
  for (auto first = effects.begin(); first != effects.end();) {
    const auto begin = std::find_if(first, effects.end(), about_calls);
    const auto end = std::find_if_not(begin, effects.end(), about_calls);
    std::sort(begin, end, less);
    first = end;
  }
}

}  // namespace

World::World(const Tables& tables)
    : lives_(tables.sessions),
      switchboard_(switchboard_options(tables), effects_),
      naive_(tables),
      stored_users_(tables.users),
      stored_calls_(tables.calls) {
  for (CallSlot slot = 0; slot < tables.calls; ++slot) stored_calls_[slot] = call_row(slot);
}

Moment World::moment() const {
  return {Instant{Duration{now_.ms}}, WallTime{Duration{now_.wall}}};
}

bool World::possible(const Operation& operation, SessionId session) const {
  switch (operation.kind) {
    case Kind::sign_in:
      return !naive_.signed_in(session);
    case Kind::relay:
    case Kind::heart_check:
      return naive_.signed_in(session);
    default:
      return true;
  }
}

std::optional<std::string> World::apply(const Operation& operation, bool compare) {
  SessionId session = {operation.session, lives_[operation.session]};
  if (!possible(operation, session)) return std::nullopt;
  ++now_.wall;
  now_.wall += operation.ms;
  now_.ms += operation.ms;
  if (operation.kind == Kind::sign_in) session.generation = ++lives_[operation.session];
  apply_to_switchboard(operation, session);
  naive_.apply(operation, session, now_);
  if (!naive_.signed_in(session) && session.generation % 2 == 1) ++lives_[operation.session];
  if (!compare) return std::nullopt;
  if (auto difference = compare_effects(operation)) return difference;
  if (auto difference = compare_numbers()) return difference;
  if (auto difference = compare_users()) return difference;
  if (auto difference = compare_calls()) return difference;
  return operation.kind == Kind::sync ? compare_store() : std::nullopt;
}

// --- Doing it ------------------------------------------------------------------------------------

void World::apply_to_switchboard(const Operation& operation, SessionId session) {
  effects_.begin(operation.trouble);
  switch (operation.kind) {
    case Kind::sign_in:
      return sign_in(operation, session);
    case Kind::sign_out:
      return switchboard_.sign_out(session, Farewell::logout, moment());
    case Kind::lose:
      return switchboard_.sign_out(session, Farewell::lost, moment());
    case Kind::relay:
      return relay(operation, session);
    case Kind::heart_check:
      return switchboard_.heart_check(session, moment());
    case Kind::complain:
      return switchboard_.complain(
          {session, operation.acknowledged ? std::optional(kAckId) : std::nullopt}, kFault);
    case Kind::wait:
      return switchboard_.expire(moment());
    case Kind::restore_user:
      return switchboard_.restore_user(operation.user, operation.name, operation.listed,
                                       moment().wall, moment());
    case Kind::restore_call:
      return restore_call(operation);
    case Kind::sync:
      return;
  }
}

void World::sign_in(const Operation& operation, SessionId session) {
  had_room_ = switchboard_.has_room(operation.user);
  signed_in_ = switchboard_.sign_in(session, operation.user, operation.name, moment());
}

void World::relay(const Operation& operation, SessionId session) {
  const std::string message = Naive::message_of(operation);
  const std::string literal = "\"" + std::string(operation.event) + "\"";
  TerminalEvent event;
  if (!operation.sender.empty()) event.sender = operation.sender;
  event.receiver = operation.user;
  if (operation.own_time) event.send_time_literal = R"("yesterday")";
  event.id = naive_.id_of(operation);
  event.event = operation.event;
  event.event_literal = literal;
  event.message = message;
  event.has_data = operation.body != Body::bare;
  const Origin origin = {session, operation.acknowledged ? std::optional(kAckId) : std::nullopt};
  switchboard_.relay(origin, event, moment());
}

void World::restore_call(const Operation& operation) {
  Call call;
  call.id = *naive_.id_of({.id_back = 1}) + 1;
  const bool over = operation.state >= 2;
  call.state = over                   ? CallState::ended
               : operation.state == 0 ? CallState::ringing
                                      : CallState::accepted;
  if (over) call.end = operation.state == 2 ? CallEnd::timeout : CallEnd::hung_up;
  call.missed = operation.state == 2;
  const bool fits = call.caller.assign(operation.sender) && call.callee.assign(operation.user);
  call.started = WallTime{Duration{now_.wall - 1000}};
  if (over) call.ended = moment().wall;
  if (fits) switchboard_.calls().restore(call, moment().wall);
}

// --- Comparing -----------------------------------------------------------------------------------

std::optional<std::string> World::compare_effects(const Operation& operation) {
  put_in_order(effects_.list);
  put_in_order(naive_.effects);
  if (effects_.list != naive_.effects) {
    return differ("effects", model::text_of(naive_.effects), model::text_of(effects_.list));
  }
  if (operation.kind != Kind::sign_in) return std::nullopt;
  const Number numbers[] = {{"has_room()", naive_.had_room, had_room_},
                            {"sign_in()", naive_.had_room, signed_in_}};
  return model::compare(numbers);
}

std::optional<std::string> World::compare_numbers() const {
  const SwitchboardCounters& counters = switchboard_.counters();
  const PresenceCounters& lists = switchboard_.presence().counters();
  const TableGauge& users = switchboard_.users().gauge();
  const TableGauge& calls = switchboard_.calls().gauge();
  const std::int64_t due = switchboard_.next_due().time_since_epoch().count();
  const std::int64_t never = kNever.time_since_epoch().count();
  const Number numbers[] = {
      {"delivered", naive_.counters.delivered, counters.delivered},
      {"offline", naive_.counters.offline, counters.offline},
      {"refused", naive_.counters.refused, counters.refused},
      {"errors", naive_.counters.errors, counters.errors},
      {"lists", naive_.list_counters.lists, lists.lists},
      {"list bytes", naive_.list_counters.list_bytes, lists.list_bytes},
      {"users in use", naive_.users.size(), users.in_use},
      {"most users", naive_.most_users, users.high_water},
      {"users refused", naive_.user_refusals, users.refusals},
      {"calls in use", naive_.calls.size(), calls.in_use},
      {"most calls", naive_.most_calls, calls.high_water},
      {"calls refused", naive_.call_refusals, calls.refusals},
      {"terminals", naive_.terminals.size(), switchboard_.users().everyone().size()},
      {"next due", static_cast<std::uint64_t>(naive_.next_due().value_or(never)),
       static_cast<std::uint64_t>(due)},
  };
  if (auto difference = model::compare(numbers)) return difference;
  for (std::size_t end = 0; end < kCallEnds; ++end) {
    const auto how = static_cast<CallEnd>(end);
    const Number number = {"calls ended", naive_.ended[end], switchboard_.calls().ended_count(how)};
    if (auto difference = model::compare({&number, 1})) return difference;
  }
  return std::nullopt;
}

std::optional<std::string> World::compare_users() {
  Users& users = switchboard_.users();
  for (const NaiveUser& expected : naive_.users) {
    const UserSlot slot = users.find(expected.id);
    if (slot == kNoUser) return "user '" + expected.id + "' is missing";
    const UserView view = users.view(slot);
    const bool same = view.id == expected.id && view.name == expected.name &&
                      view.listed == naive_.online(expected.id) &&
                      view.terminals == naive_.terminals_of(expected.id) &&
                      ms_of(view.last_seen) == expected.last_seen;
    if (!same) return "user '" + expected.id + "' differs";
    for (const SessionId session : users.sessions(slot)) {
      if (!naive_.signed_in(session) || users.user_of(session) != slot) {
        return "a terminal of user '" + expected.id + "' differs";
      }
    }
  }
  std::vector<std::string> listed;
  for (const UserSlot slot : users.listed()) listed.emplace_back(users.id(slot));
  if (listed != naive_.list) return "the list of those online differs";
  return std::nullopt;
}

std::optional<std::string> World::compare_calls() const {
  const Calls& calls = switchboard_.calls();
  std::size_t under_way = 0;
  for (const NaiveCall& expected : naive_.calls) {
    under_way += expected.state != CallState::ended ? 1U : 0U;
    NaiveCall found;
    for (CallSlot slot = 0; slot < calls.capacity(); ++slot) {
      const bool is_it =
          calls.at(slot).state != CallState::free && calls.at(slot).id == expected.id;
      if (is_it) found = call_row(slot);
    }
    if (found != expected) return differ("call", text_of(expected), text_of(found));
  }
  for (const ActiveCall& active : calls.active()) {
    const Call& call = calls.at(active.slot);
    const bool same = call.id == active.id && call.state != CallState::ended &&
                      switchboard_.users().id(active.caller) == call.caller.view() &&
                      switchboard_.users().id(active.callee) == call.callee.view();
    if (!same) return "a call under way is not the one in the table";
  }
  if (under_way != calls.active().size()) return "not as many calls under way";
  return std::nullopt;
}

World::UserRow World::user_row(UserSlot slot) const {
  const UserView view = switchboard_.users().view(slot);
  if (view.id.empty()) return {};
  return {std::string(view.id), std::string(view.name), view.listed, ms_of(view.last_seen)};
}

NaiveCall World::call_row(CallSlot slot) const {
  const Call& call = switchboard_.calls().at(slot);
  if (call.state == CallState::free) return {.state = CallState::free};
  return {.id = call.id,
          .caller = std::string(call.caller.view()),
          .callee = std::string(call.callee.view()),
          .state = call.state,
          .end = call.end,
          .missed = call.missed,
          .started = ms_of(call.started),
          .accepted = ms_of(call.accepted),
          .ended = ms_of(call.ended),
          .message = std::string(call.message.view())};
}

std::optional<std::string> World::compare_store() {
  Users& users = switchboard_.users();
  Calls& calls = switchboard_.calls();
  while (const auto slot = users.take_changed()) stored_users_[*slot] = user_row(*slot);
  while (const auto slot = calls.take_changed()) stored_calls_[*slot] = call_row(*slot);
  if (users.changed() || calls.changed()) return "changes are left when all are taken";
  for (UserSlot slot = 0; slot < stored_users_.size(); ++slot) {
    if (stored_users_[slot] != user_row(slot)) return "a change of a user was not reported";
  }
  for (CallSlot slot = 0; slot < stored_calls_.size(); ++slot) {
    if (stored_calls_[slot] != call_row(slot)) return "a change of a call was not reported";
  }
  return std::nullopt;
}

}  // namespace bellhop::model::switchboard
