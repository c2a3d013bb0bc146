#include "gateway/gateway.h"

#include <algorithm>
#include <cassert>

#include "protocol/json.h"

namespace bellhop {
namespace {

constexpr std::string_view kDownmsg = R"("downmsg")";

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// Why `id` names no room; empty when it does.
std::string_view fault_of_room_id(std::optional<std::string_view> id) {
  if (!id) return "room id is missing or neither a string nor a number";
  if (id->empty()) return "room id is empty";
  if (id->size() > kIdBytes) return "room id is longer than 64 bytes";
  if (has_control_character(*id)) return "room id has a control character";
  // Nothing could ask for such a room: clients take the part out of /api/v1/rooms/{id}.
  if (*id == "." || *id == "..") return "room id is . or .., which no address can name";
  return {};
}

}  // namespace

Gateway::Gateway(const GatewayOptions& options, Effects& effects)
    : effects_(effects),
      rooms_(options.rooms),
      everyone_(options.rooms.sessions),
      place_(options.rooms.sessions),
      next_push_id_(options.first_push_id) {
  for (std::uint32_t& place : place_) place = kAbsent;
}

// --- Pages ---------------------------------------------------------------------------------------

void Gateway::connected(SessionId session) {
  place_[session.index] = static_cast<std::uint32_t>(everyone_.size());
  everyone_.append(session);
  send_downmsg({&session, 1}, body("2001", "connect success"));
}

void Gateway::disconnected(SessionId session) {
  const std::uint32_t place = place_[session.index];
  if (place == kAbsent) return;
  rooms_.leave_all(session);
  everyone_.swap_remove(place);
  if (place < everyone_.size()) place_[everyone_[place].index] = place;
  place_[session.index] = kAbsent;
}

void Gateway::login_room(const Origin& origin, const LoginRoom& request, WallTime now) {
  if (const std::string_view fault = fault_of_room_id(request.id); !fault.empty()) {
    return refuse(origin, fault);
  }
  const auto rule = parse_entry_rule(request.rule);
  if (!rule) return refuse(origin, "type is not loginWhenFirst, loginWhenLast or loginWhenever");
  const std::string_view id = *request.id;
  std::span<const SessionId> evicted;
  switch (rooms_.enter(id, {origin.session, *rule, now}, evicted)) {
    case EntryResult::rooms_full:
      return refuse(origin, "the room table is full");
    case EntryResult::memberships_full:
      return refuse(origin, "the table of room members is full");
    case EntryResult::already_exists:
      ++counters_.refused_entries;
      return answer(origin, body("2004", "your room id(", id, ") already exist"));
    case EntryResult::entered:
      break;
  }
  ++counters_.entered;
  counters_.evicted += evicted.size();
  if (!evicted.empty()) tell_kicked(evicted, id);
  answer(origin, body("2002", "login room (id:", id, ") success"));
}

void Gateway::logout_room(const Origin& origin, std::optional<std::string_view> id) {
  if (const std::string_view fault = fault_of_room_id(id); !fault.empty()) {
    return effects_.acknowledge(origin, body("2003", fault));
  }
  const bool was_member = rooms_.leave(*id, origin.session);
  effects_.acknowledge(origin, was_member ? body("2002", "logout room (id:", *id, ") success")
                                          : body("2003", "you are not in room (id:", *id, ")"));
}

// --- Back ends -----------------------------------------------------------------------------------

PushResult Gateway::push(const Push& push) {
  const std::span<const SessionId> audience =
      push.room ? rooms_.members(*push.room) : everyone_.span();
  PushResult result;
  result.id = next_push_id_++;
  ++counters_.pushes;
  if (audience.empty()) return result;
  const auto delivered = effects_.send(audience, push.event);
  result.overloaded = !delivered;
  result.delivered = delivered.value_or(0);
  counters_.deliveries += result.delivered;
  return result;
}

// --- The administrator ---------------------------------------------------------------------------

bool Gateway::kick(std::string_view room, SessionId session) {
  if (!rooms_.leave(room, session)) return false;
  ++counters_.evicted;
  tell_kicked({&session, 1}, room);
  return true;
}

// --- downmsg -------------------------------------------------------------------------------------

std::string_view Gateway::body(std::string_view code, std::string_view before, std::string_view id,
                               std::string_view after) {
  JsonWriter writer(body_);
  std::array<char, 160> message;
  std::size_t size = 0;
  for (const std::string_view part : {before, id, after}) {
    size = static_cast<std::size_t>(std::copy(part.begin(), part.end(), message.begin() + size) -
                                    message.begin());
  }
  writer.raw(R"({"code":)").string(code).raw(R"(,"msg":)").string({message.data(), size}).raw("}");
  assert(writer.ok());
  return writer.text();
}

void Gateway::send_downmsg(std::span<const SessionId> to, std::string_view body) {
  if (effects_.send(to, {kDownmsg, body})) return;
  // Left alone, a page would wait for ever, or believe itself in a room it was put out of. One that
  // is closed comes back and starts over.
  for (const SessionId session : to) effects_.close(session);
}

void Gateway::tell_kicked(std::span<const SessionId> evicted, std::string_view room) {
  send_downmsg(evicted, body("2005", "you have kicked out room (id", room, ")"));
}

void Gateway::answer(const Origin& origin, std::string_view body) {
  send_downmsg({&origin.session, 1}, body);
  effects_.acknowledge(origin, body);
}

void Gateway::refuse(const Origin& origin, std::string_view reason) {
  ++counters_.refused_entries;
  answer(origin, body("2003", reason));
}

}  // namespace bellhop
