#include "rooms/world.h"

#include <algorithm>

namespace bellhop::model::rooms {
namespace {

constexpr std::uint64_t kAckId = 7;

std::string text_of(const NaiveRoom& room) {
  std::string text = " '" + room.name + "' created " + std::to_string(room.created) +
                     ", held before by " + std::to_string(room.held_before) + ":";
  for (const NaiveMember& member : room.members) {
    text += model::text_of(std::span(&member.session, 1)) + "/" + member.rule + "/" +
            std::to_string(member.since);
  }
  return text;
}

std::string text_of(const PushResult& result) {
  return "push " + std::to_string(result.id) + " to " + std::to_string(result.delivered) +
         (result.overloaded ? ", overloaded" : "");
}

GatewayOptions gateway_options(const Tables& tables) {
  return {.rooms = {.rooms = tables.rooms,
                    .memberships = tables.memberships,
                    .sessions = tables.sessions},
          .first_push_id = 1};
}

WallTime wall(std::int64_t ms) {
  return WallTime{Duration{ms}};
}
std::int64_t ms_of(WallTime time) {
  return time.time_since_epoch().count();
}

}  // namespace

World::World(const Tables& tables)
    : lives_(tables.sessions),
      gateway_(gateway_options(tables), effects_),
      naive_(tables),
      stored_rooms_(tables.rooms),
      stored_members_(tables.memberships) {
  for (std::uint32_t i = 0; i < tables.memberships; ++i) stored_members_[i] = member_row(i);
}

bool World::possible(const Operation& operation) const {
  if (operation.kind > Kind::kick) return true;
  const bool connected = lives_[operation.session] % 2 == 1;
  return connected == (operation.kind != Kind::connect);
}

std::optional<std::string> World::apply(const Operation& operation, bool compare) {
  if (!possible(operation)) return std::nullopt;
  ++now_ms_;
  if (operation.kind == Kind::connect) ++lives_[operation.session];
  const SessionId session = {operation.session, lives_[operation.session]};
  if (operation.kind == Kind::disconnect) ++lives_[operation.session];
  apply_to_gateway(operation, session);
  naive_.apply(operation, session, now_ms_);
  if (!compare) return std::nullopt;
  if (auto difference = compare_effects(operation)) return difference;
  if (auto difference = compare_numbers()) return difference;
  if (auto difference = compare_rooms()) return difference;
  return operation.kind == Kind::sync ? compare_store() : std::nullopt;
}

void World::apply_to_gateway(const Operation& operation, SessionId session) {
  effects_.begin(operation.trouble);
  last_push_ = {};
  const Origin origin = {session, operation.acknowledged ? std::optional(kAckId) : std::nullopt};
  const Event event = {R"("test")", R"({"x":1.0})"};
  switch (operation.kind) {
    case Kind::connect:
      return gateway_.connected(session);
    case Kind::disconnect:
      return gateway_.disconnected(session);
    case Kind::login:
      return gateway_.login_room(origin, {operation.room, operation.rule}, wall(now_ms_));
    case Kind::logout:
      return gateway_.logout_room(origin, operation.room);
    case Kind::kick:
      static_cast<void>(gateway_.kick(operation.room, session));
      return;
    case Kind::push:
      last_push_ = gateway_.push({operation.room, event});
      return;
    case Kind::push_all:
      last_push_ = gateway_.push({std::nullopt, event});
      return;
    case Kind::restore:
      static_cast<void>(gateway_.rooms().restore(operation.room, wall(now_ms_), 3));
      return;
    case Kind::drop:
      return gateway_.rooms().drop_unclaimed();
    case Kind::sync:
      return;
  }
}

// --- Comparing -----------------------------------------------------------------------------------

std::optional<std::string> World::compare_effects(const Operation& operation) {
  if (operation.kind == Kind::push_all) {  // everyone has no order
    const auto by_index = [](SessionId a, SessionId b) { return a.index < b.index; };
    for (auto* list : {&effects_.list, &naive_.effects}) {
      for (Effect& effect : *list) std::sort(effect.to.begin(), effect.to.end(), by_index);
    }
  }
  if (effects_.list != naive_.effects) {
    return differ("effects", model::text_of(naive_.effects), model::text_of(effects_.list));
  }
  const PushResult& expected = naive_.last_push;
  const bool same = last_push_.id == expected.id && last_push_.delivered == expected.delivered &&
                    last_push_.overloaded == expected.overloaded;
  if (!same) return differ("push", " " + text_of(expected), " " + text_of(last_push_));
  return std::nullopt;
}

std::optional<std::string> World::compare_numbers() const {
  const GatewayCounters& counters = gateway_.counters();
  const TableGauge& rooms = gateway_.rooms().room_gauge();
  const TableGauge& members = gateway_.rooms().membership_gauge();
  const Number numbers[] = {
      {"connected", naive_.everyone.size(), gateway_.connected_count()},
      {"pushes", naive_.counters.pushes, counters.pushes},
      {"deliveries", naive_.counters.deliveries, counters.deliveries},
      {"entered", naive_.counters.entered, counters.entered},
      {"refused entries", naive_.counters.refused_entries, counters.refused_entries},
      {"evicted", naive_.counters.evicted, counters.evicted},
      {"rooms in use", naive_.rooms.size(), rooms.in_use},
      {"most rooms", naive_.most_rooms, rooms.high_water},
      {"rooms refused", naive_.room_refusals, rooms.refusals},
      {"members", naive_.members(), members.in_use},
      {"most members", naive_.most_members, members.high_water},
      {"members refused", naive_.member_refusals, members.refusals},
  };
  return model::compare(numbers);
}

std::optional<std::string> World::compare_rooms() {
  Rooms& rooms = gateway_.rooms();
  for (const NaiveRoom& expected : naive_.rooms) {
    const auto view = rooms.find_view(expected.name);
    if (!view) return "room '" + expected.name + "' is missing";
    NaiveRoom found = {.name = std::string(view->name),
                       .created = ms_of(view->created),
                       .held_before = view->held_before,
                       .members = {}};
    rooms.for_each_member(view->slot, [&](const Member& member) {
      found.members.push_back(
          {member.session, std::string(entry_rule_name(member.rule)), ms_of(member.since)});
    });
    if (found != expected) return differ("room", text_of(expected), text_of(found));
    if (view->members != found.members.size()) return "room '" + expected.name + "' miscounts";
    const auto listed = rooms.members(expected.name);
    const bool same =
        std::equal(listed.begin(), listed.end(), found.members.begin(), found.members.end(),
                   [](SessionId id, const NaiveMember& m) { return id == m.session; });
    if (!same) return differ("members()", text_of(expected), model::text_of(listed));
  }
  return std::nullopt;
}

World::RoomRow World::room_row(std::uint32_t slot) const {
  const RoomView view = gateway_.rooms().view(slot);
  if (view.name.empty()) return {};
  return {std::string(view.name), ms_of(view.created)};
}

World::MemberRow World::member_row(std::uint32_t slot) const {
  const MembershipView view = gateway_.rooms().membership(slot);
  if (!view.member.session) return {};
  return {view.room, view.member.session, view.member.rule, ms_of(view.member.since)};
}

std::optional<std::string> World::compare_store() {
  Rooms& rooms = gateway_.rooms();
  while (const auto slot = rooms.take_changed_room()) stored_rooms_[*slot] = room_row(*slot);
  while (const auto slot = rooms.take_changed_membership()) {
    stored_members_[*slot] = member_row(*slot);
  }
  if (rooms.changed()) return "changes are left when all are taken";
  for (std::uint32_t slot = 0; slot < stored_rooms_.size(); ++slot) {
    if (stored_rooms_[slot] != room_row(slot)) return "a change of a room was not reported";
  }
  for (std::uint32_t slot = 0; slot < stored_members_.size(); ++slot) {
    if (stored_members_[slot] != member_row(slot)) return "a change of a member was not reported";
  }
  return std::nullopt;
}

}  // namespace bellhop::model::rooms
