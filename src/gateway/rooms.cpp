#include "gateway/rooms.h"

#include <array>
#include <bit>
#include <cassert>

#include "base/hash.h"

namespace bellhop {
namespace {

constexpr std::array<std::string_view, 3> kRuleNames = {"loginWhenFirst", "loginWhenLast",
                                                        "loginWhenever"};

}  // namespace

std::optional<EntryRule> parse_entry_rule(std::string_view text) {
  for (std::size_t i = 0; i < kRuleNames.size(); ++i) {
    if (kRuleNames[i] == text) return static_cast<EntryRule>(i);
  }
  return std::nullopt;
}

std::string_view entry_rule_name(EntryRule rule) {
  return kRuleNames[static_cast<std::size_t>(rule)];
}

Rooms::Rooms(const RoomsOptions& options)
    : rooms_(options.rooms),
      memberships_(options.memberships),
      buckets_(std::bit_ceil(options.rooms)),
      session_heads_(options.sessions),
      free_rooms_(options.rooms),
      listed_(options.sessions),
      changed_rooms_(options.rooms),
      changed_memberships_(options.memberships) {
  room_gauge_.capacity = options.rooms;
  membership_gauge_.capacity = options.memberships;
  for (std::uint32_t& head : buckets_) head = kNone;
  for (std::uint32_t& head : session_heads_) head = kNone;
  for (std::size_t i = options.rooms; i-- > 0;) free_rooms_.append(static_cast<std::uint32_t>(i));
  for (std::size_t i = options.memberships; i-- > 0;) {
    memberships_[i].next_in_room = free_membership_;
    free_membership_ = static_cast<std::uint32_t>(i);
  }
}

// --- Rooms ---------------------------------------------------------------------------------------

std::uint32_t* Rooms::bucket(std::string_view name) {
  return &buckets_[hash_text(name) & (buckets_.size() - 1)];
}

std::uint32_t Rooms::find(std::string_view name) const {
  std::uint32_t slot = buckets_[hash_text(name) & (buckets_.size() - 1)];
  while (slot != kNone && rooms_[slot].name.view() != name) slot = rooms_[slot].next_in_bucket;
  return slot;
}

std::uint32_t Rooms::create(std::string_view name, WallTime created) {
  const std::uint32_t slot = free_rooms_.take_back();
  Room& room = rooms_[slot];
  [[maybe_unused]] const bool fits = room.name.assign(name);
  assert(fits && !name.empty());
  room.created = created;
  std::uint32_t* head = bucket(name);
  room.next_in_bucket = *head;
  *head = slot;
  changed_rooms_.mark(slot);
  room_gauge_.take();
  return slot;
}

void Rooms::destroy(std::uint32_t slot) {
  Room& room = rooms_[slot];
  std::uint32_t* link = bucket(room.name.view());
  while (*link != slot) link = &rooms_[*link].next_in_bucket;
  *link = room.next_in_bucket;
  room.name.clear();
  room.held_before = 0;
  changed_rooms_.mark(slot);
  room_gauge_.release();
  free_rooms_.append(slot);
}

// --- Memberships ---------------------------------------------------------------------------------

std::uint32_t Rooms::find_membership(std::uint32_t room, SessionId session) const {
  std::uint32_t i = session_heads_[session.index];
  while (i != kNone && memberships_[i].room != room) i = memberships_[i].next_of_session;
  return i;
}

void Rooms::add(std::uint32_t room, const Member& member) {
  const std::uint32_t i = free_membership_;
  free_membership_ = memberships_[i].next_in_room;
  Room& to = rooms_[room];
  std::uint32_t& session_head = session_heads_[member.session.index];
  memberships_[i] = {member, room, to.last, kNone, kNone, session_head};
  (to.last == kNone ? to.first : memberships_[to.last].next_in_room) = i;
  to.last = i;
  if (session_head != kNone) memberships_[session_head].prev_of_session = i;
  session_head = i;
  ++to.members;
  to.held_before = 0;
  membership_gauge_.take();
  changed_memberships_.mark(i);
}

void Rooms::remove(std::uint32_t membership) {
  Membership& gone = memberships_[membership];
  Room& room = rooms_[gone.room];
  (gone.prev_in_room == kNone ? room.first : memberships_[gone.prev_in_room].next_in_room) =
      gone.next_in_room;
  (gone.next_in_room == kNone ? room.last : memberships_[gone.next_in_room].prev_in_room) =
      gone.prev_in_room;
  (gone.prev_of_session == kNone ? session_heads_[gone.member.session.index]
                                 : memberships_[gone.prev_of_session].next_of_session) =
      gone.next_of_session;
  if (gone.next_of_session != kNone) {
    memberships_[gone.next_of_session].prev_of_session = gone.prev_of_session;
  }
  --room.members;
  membership_gauge_.release();
  changed_memberships_.mark(membership);
  gone.member.session = {};
  gone.next_in_room = free_membership_;
  free_membership_ = membership;
}

void Rooms::evict_others(std::uint32_t room, SessionId stays) {
  std::uint32_t i = rooms_[room].first;
  while (i != kNone) {
    const std::uint32_t next = memberships_[i].next_in_room;
    if (memberships_[i].member.session != stays) {
      listed_.append(memberships_[i].member.session);
      remove(i);
    }
    i = next;
  }
}

EntryResult Rooms::enter(std::string_view name, const Member& member,
                         std::span<const SessionId>& evicted) {
  listed_.clear();
  evicted = {};
  std::uint32_t room = find(name);
  const std::uint32_t own = room == kNone ? kNone : find_membership(room, member.session);
  const bool occupied = room != kNone && rooms_[room].members > 0;
  if (occupied && own == kNone && member.rule == EntryRule::first) {
    return EntryResult::already_exists;
  }
  if (room == kNone && free_rooms_.empty()) {
    room_gauge_.refuse();
    return EntryResult::rooms_full;
  }
  // Under EntryRule::last an eviction makes room; without one a free membership is needed.
  const bool evicts = member.rule == EntryRule::last && occupied;
  if (own == kNone && !evicts && free_membership_ == kNone) {
    membership_gauge_.refuse();
    return EntryResult::memberships_full;
  }
  if (evicts) evict_others(room, member.session);
  evicted = listed_.span();
  if (own != kNone) {
    memberships_[own].member.rule = member.rule;
    changed_memberships_.mark(own);
    return EntryResult::entered;
  }
  if (room == kNone) room = create(name, member.since);
  add(room, member);
  return EntryResult::entered;
}

bool Rooms::leave(std::string_view name, SessionId session) {
  const std::uint32_t room = find(name);
  const std::uint32_t membership = room == kNone ? kNone : find_membership(room, session);
  if (membership == kNone) return false;
  remove(membership);
  if (rooms_[room].members == 0) destroy(room);
  return true;
}

void Rooms::leave_all(SessionId session) {
  while (session_heads_[session.index] != kNone) {
    const std::uint32_t membership = session_heads_[session.index];
    const std::uint32_t room = memberships_[membership].room;
    remove(membership);
    if (rooms_[room].members == 0) destroy(room);
  }
}

std::span<const SessionId> Rooms::members(std::string_view name) {
  listed_.clear();
  const std::uint32_t room = find(name);
  if (room == kNone) return {};
  for_each_member(room, [this](const Member& member) { listed_.append(member.session); });
  return listed_.span();
}

// --- Listings and the store ----------------------------------------------------------------------

RoomView Rooms::view(std::uint32_t slot) const {
  const Room& room = rooms_[slot];
  return {slot, room.name.view(), room.members, room.held_before, room.created};
}

std::optional<RoomView> Rooms::find_view(std::string_view name) const {
  const std::uint32_t slot = find(name);
  if (slot == kNone) return std::nullopt;
  return view(slot);
}

MembershipView Rooms::membership(std::uint32_t slot) const {
  return {memberships_[slot].room, memberships_[slot].member};
}

void Rooms::mark_all_changed() {
  for (std::uint32_t slot = 0; slot < rooms_.size(); ++slot) changed_rooms_.mark(slot);
  for (std::uint32_t slot = 0; slot < memberships_.size(); ++slot) changed_memberships_.mark(slot);
}

bool Rooms::restore(std::string_view name, WallTime created, std::size_t held_before) {
  const bool usable = !name.empty() && name.size() <= kIdBytes && find(name) == kNone;
  if (!usable || free_rooms_.empty()) return false;
  rooms_[create(name, created)].held_before = static_cast<std::uint32_t>(held_before);
  return true;
}

void Rooms::drop_unclaimed() {
  for (std::uint32_t slot = 0; slot < rooms_.size(); ++slot) {
    if (!rooms_[slot].name.empty() && rooms_[slot].members == 0) destroy(slot);
  }
}

}  // namespace bellhop
