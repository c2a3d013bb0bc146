#include "gateway/users.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "base/hash.h"

namespace bellhop {
Users::Users(const UsersOptions& options)
    : users_(options.users),
      links_(options.sessions),
      buckets_(std::bit_ceil(options.users)),
      free_(options.users),
      listed_(options.users),
      everyone_(options.sessions),
      found_(options.sessions),
      changed_(options.users) {
  gauge_.capacity = options.users;
  for (UserSlot& head : buckets_) head = kNoUser;
  for (std::size_t i = options.users; i-- > 0;) free_.append(static_cast<UserSlot>(i));
}

// --- Users ---------------------------------------------------------------------------------------

UserSlot& Users::bucket(std::string_view id) {
  return buckets_[hash_text(id) & (buckets_.size() - 1)];
}

UserSlot Users::find(std::string_view id) const {
  UserSlot user = buckets_[hash_text(id) & (buckets_.size() - 1)];
  while (user != kNoUser && users_[user].id.view() != id) user = users_[user].next_in_bucket;
  return user;
}

UserSlot Users::create(std::string_view id, WallTime now) {
  if (free_.empty()) {
    const UserSlot gone = seen_longest_ago();
    if (gone == kNoUser) return kNoUser;
    destroy(gone);
  }
  const UserSlot slot = free_.take_back();
  User& user = users_[slot];
  user = User{};
  [[maybe_unused]] const bool fits = user.id.assign(id);
  assert(fits && !id.empty());
  user.last_seen = now;
  UserSlot& head = bucket(id);
  user.next_in_bucket = head;
  head = slot;
  gauge_.take();
  changed_.mark(slot);
  return slot;
}

void Users::destroy(UserSlot slot) {
  User& user = users_[slot];
  assert(!user.listed && user.terminals == 0);
  UserSlot* link = &bucket(user.id.view());
  while (*link != slot) link = &users_[*link].next_in_bucket;
  *link = user.next_in_bucket;
  user.id.clear();
  gauge_.release();
  changed_.mark(slot);
  free_.append(slot);
}

UserSlot Users::seen_longest_ago() const {
  UserSlot oldest = kNoUser;
  for (UserSlot slot = 0; slot < users_.size(); ++slot) {
    const User& user = users_[slot];
    if (user.id.empty() || user.listed || user.terminals > 0) continue;
    if (oldest == kNoUser || user.last_seen < users_[oldest].last_seen) oldest = slot;
  }
  return oldest;
}

// --- Connections ---------------------------------------------------------------------------------

bool Users::has_room(std::string_view id) {
  if (find(id) != kNoUser || !free_.empty() || seen_longest_ago() != kNoUser) return true;
  gauge_.refuse();
  return false;
}

UserSlot Users::sign_in(std::string_view id, std::string_view name, SessionId session,
                        WallTime now) {
  UserSlot slot = find(id);
  if (slot == kNoUser) slot = create(id, now);
  if (slot == kNoUser) return kNoUser;
  User& user = users_[slot];
  if (!name.empty() && user.name.view() != name && user.name.assign(name)) changed_.mark(slot);
  if (user.terminals == 0) {
    user.last_seen = now;
    changed_.mark(slot);
  }
  bind(slot, session);
  return slot;
}

void Users::bind(UserSlot slot, SessionId session) {
  User& user = users_[slot];
  Link& link = links_[session.index];
  assert(link.user == kNoUser);
  link = {session, slot, kNone, user.first_link, static_cast<std::uint32_t>(everyone_.size())};
  if (user.first_link != kNone) links_[user.first_link].prev = session.index;
  user.first_link = session.index;
  ++user.terminals;
  everyone_.append(session);
}

UserSlot Users::sign_out(SessionId session, WallTime now) {
  const UserSlot slot = user_of(session);
  if (slot == kNoUser) return kNoUser;
  Link& link = links_[session.index];
  unbind(link);
  link = Link{};
  User& user = users_[slot];
  if (--user.terminals == 0) {
    user.last_seen = now;
    changed_.mark(slot);
  }
  return slot;
}

void Users::unbind(const Link& link) {
  (link.prev == kNone ? users_[link.user].first_link : links_[link.prev].next) = link.next;
  if (link.next != kNone) links_[link.next].prev = link.prev;
  everyone_.swap_remove(link.place);
  if (link.place < everyone_.size()) links_[everyone_[link.place].index].place = link.place;
}

UserSlot Users::user_of(SessionId session) const {
  const Link& link = links_[session.index];
  return link.session == session ? link.user : kNoUser;
}

std::span<const SessionId> Users::sessions(UserSlot user, SessionId but) {
  found_.clear();
  for (std::uint32_t i = users_[user].first_link; i != kNone; i = links_[i].next) {
    if (links_[i].session != but) found_.append(links_[i].session);
  }
  return found_.span();
}

// --- The list of those online --------------------------------------------------------------------

bool Users::list(UserSlot user) {
  if (users_[user].listed) return false;
  users_[user].listed = true;
  listed_.append(user);
  changed_.mark(user);
  return true;
}

bool Users::unlist(UserSlot user) {
  if (!users_[user].listed) return false;
  users_[user].listed = false;
  listed_.erase(user);
  changed_.mark(user);
  return true;
}

// --- Listings and the store ----------------------------------------------------------------------

UserView Users::view(UserSlot slot) const {
  const User& user = users_[slot];
  return {user.id.view(), user.name.view(), user.listed, user.terminals, user.last_seen};
}

void Users::mark_all_changed() {
  for (UserSlot slot = 0; slot < users_.size(); ++slot) changed_.mark(slot);
}

UserSlot Users::restore(std::string_view id, std::string_view name, WallTime last_seen) {
  if (!user_id_fault(id).empty() || find(id) != kNoUser || free_.empty()) return kNoUser;
  const UserSlot slot = create(id, last_seen);
  static_cast<void>(users_[slot].name.assign(name));
  return slot;
}

}  // namespace bellhop
