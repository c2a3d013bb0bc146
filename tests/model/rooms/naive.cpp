#include "rooms/naive.h"

#include <algorithm>
#include <utility>

namespace bellhop::model::rooms {
namespace {

std::string body(const std::string& code, const std::string& message) {
  return R"({"code":")" + code + R"(","msg":")" + message + "\"}";
}

bool holds(const NaiveRoom& room, SessionId session) {
  return std::any_of(room.members.begin(), room.members.end(),
                     [session](const NaiveMember& member) { return member.session == session; });
}

std::vector<SessionId> sessions_of(const NaiveRoom* room) {
  std::vector<SessionId> sessions;
  if (room == nullptr) return sessions;
  for (const NaiveMember& member : room->members) sessions.push_back(member.session);
  return sessions;
}

}  // namespace

const NaiveRoom* Naive::find(std::string_view name) const {
  for (const NaiveRoom& room : rooms) {
    if (room.name == name) return &room;
  }
  return nullptr;
}

NaiveRoom* Naive::find(std::string_view name) {
  return const_cast<NaiveRoom*>(std::as_const(*this).find(name));
}

std::size_t Naive::members() const {
  std::size_t count = 0;
  for (const NaiveRoom& room : rooms) count += room.members.size();
  return count;
}

void Naive::apply(const Operation& operation, SessionId session, std::int64_t now) {
  effects.clear();
  last_push = {};
  switch (operation.kind) {
    case Kind::connect:
      everyone.push_back(session);
      tell(operation, {session}, "2001", "connect success");
      break;
    case Kind::disconnect: {
      std::erase(everyone, session);
      const std::vector<NaiveRoom> before = rooms;
      for (const NaiveRoom& room : before) {
        if (holds(room, session)) leave(room.name, session);
      }
      break;
    }
    case Kind::login:
      login(operation, session, now);
      break;
    case Kind::logout:
      logout(operation, session);
      break;
    case Kind::kick:
      kick(operation, session);
      break;
    case Kind::push:
      push(operation, sessions_of(find(operation.room)));
      break;
    case Kind::push_all:
      push(operation, everyone);
      break;
    case Kind::restore:
      restore(operation, now);
      break;
    case Kind::drop:
      std::erase_if(rooms, [](const NaiveRoom& room) { return room.members.empty(); });
      break;
    case Kind::sync:
      break;
  }
  most_rooms = std::max(most_rooms, rooms.size());
  most_members = std::max(most_members, members());
}

// --- Rooms ---------------------------------------------------------------------------------------

void Naive::leave(std::string_view name, SessionId session) {
  std::erase_if(find(name)->members,
                [session](const NaiveMember& member) { return member.session == session; });
  std::erase_if(
      rooms, [name](const NaiveRoom& room) { return room.name == name && room.members.empty(); });
}

void Naive::login(const Operation& operation, SessionId session, std::int64_t now) {
  const auto refuse = [&](const std::string& code, const std::string& message) {
    ++counters.refused_entries;
    answer(operation, session, code, message);
  };
  const std::string id(operation.room);
  if (id.empty()) return refuse("2003", "room id is empty");
  if (id.size() > 64) return refuse("2003", "room id is longer than 64 bytes");
  if (operation.rule != "loginWhenFirst" && operation.rule != "loginWhenLast" &&
      operation.rule != "loginWhenever") {
    return refuse("2003", "type is not loginWhenFirst, loginWhenLast or loginWhenever");
  }
  const NaiveRoom* room = find(id);
  const bool inside = room != nullptr && holds(*room, session);
  const std::size_t others = room == nullptr ? 0 : room->members.size() - (inside ? 1 : 0);
  if (!inside && others > 0 && operation.rule == "loginWhenFirst") {
    return refuse("2004", "your room id(" + id + ") already exist");
  }
  if (room == nullptr && rooms.size() == tables_.rooms) {
    ++room_refusals;
    return refuse("2003", "the room table is full");
  }
  const std::size_t leaving = operation.rule == "loginWhenLast" ? others : 0;
  if (!inside && members() - leaving + 1 > tables_.memberships) {
    ++member_refusals;
    return refuse("2003", "the table of room members is full");
  }
  enter(operation, session, now);
}

void Naive::enter(const Operation& operation, SessionId session, std::int64_t now) {
  const std::string id(operation.room);
  if (find(id) == nullptr) rooms.push_back({id, now, 0, {}});
  NaiveRoom& room = *find(id);
  std::vector<SessionId> evicted;
  if (operation.rule == "loginWhenLast") {
    evicted = sessions_of(&room);
    std::erase(evicted, session);
    std::erase_if(room.members,
                  [session](const NaiveMember& member) { return member.session != session; });
  }
  if (holds(room, session)) {
    for (NaiveMember& member : room.members) {
      if (member.session == session) member.rule = operation.rule;
    }
  } else {
    room.members.push_back({session, std::string(operation.rule), now});
    room.held_before = 0;
  }
  ++counters.entered;
  counters.evicted += evicted.size();
  if (!evicted.empty()) {
    tell(operation, evicted, "2005", "you have kicked out room (id" + id + ")");
  }
  answer(operation, session, "2002", "login room (id:" + id + ") success");
}

void Naive::logout(const Operation& operation, SessionId session) {
  const std::string id(operation.room);
  std::string said;
  if (id.empty()) {
    said = body("2003", "room id is empty");
  } else if (id.size() > 64) {
    said = body("2003", "room id is longer than 64 bytes");
  } else if (const NaiveRoom* room = find(id); room == nullptr || !holds(*room, session)) {
    said = body("2003", "you are not in room (id:" + id + ")");
  } else {
    leave(id, session);
    said = body("2002", "logout room (id:" + id + ") success");
  }
  if (operation.acknowledged) effects.push_back({Effect::Kind::acknowledge, {session}, said});
}

void Naive::kick(const Operation& operation, SessionId session) {
  const std::string id(operation.room);
  const NaiveRoom* room = find(id);
  if (room == nullptr || !holds(*room, session)) return;
  leave(id, session);
  ++counters.evicted;
  tell(operation, {session}, "2005", "you have kicked out room (id" + id + ")");
}

void Naive::restore(const Operation& operation, std::int64_t now) {
  const std::string_view id = operation.room;
  if (id.empty() || id.size() > 64) return;
  if (find(id) != nullptr || rooms.size() == tables_.rooms) return;
  rooms.push_back({std::string(id), now, 3, {}});
}

// --- Messages ------------------------------------------------------------------------------------

void Naive::push(const Operation& operation, const std::vector<SessionId>& audience) {
  ++counters.pushes;
  last_push.id = next_push_id_++;
  if (audience.empty()) return;
  last_push.overloaded = operation.trouble.no_memory;
  for (const SessionId session : audience) {
    if (!operation.trouble.no_memory && session.index != operation.trouble.deaf_session)
      ++last_push.delivered;
  }
  counters.deliveries += last_push.delivered;
  effects.push_back({operation.trouble.no_memory ? Effect::Kind::no_memory : Effect::Kind::send,
                     audience, R"("test"{"x":1.0})"});
}

void Naive::tell(const Operation& operation, const std::vector<SessionId>& to,
                 const std::string& code, const std::string& message) {
  effects.push_back({operation.trouble.no_memory ? Effect::Kind::no_memory : Effect::Kind::send, to,
                     R"("downmsg")" + body(code, message)});
  if (!operation.trouble.no_memory) return;
  for (const SessionId session : to) effects.push_back({Effect::Kind::close, {session}, ""});
}

void Naive::answer(const Operation& operation, SessionId session, const std::string& code,
                   const std::string& message) {
  tell(operation, {session}, code, message);
  if (operation.acknowledged) {
    effects.push_back({Effect::Kind::acknowledge, {session}, body(code, message)});
  }
}

}  // namespace bellhop::model::rooms
