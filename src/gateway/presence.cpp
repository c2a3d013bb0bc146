#include "gateway/presence.h"

#include <algorithm>

#include "protocol/json.h"

namespace bellhop {

Presence::Presence(const PresenceOptions& options, Users& users, std::size_t sessions,
                   Effects& effects)
    : options_(options),
      users_(users),
      effects_(effects),
      grace_(users.capacity(), options.grace),
      text_(online_list_bytes(users.capacity())),
      has_(sessions),
      behind_(sessions) {}

// --- Who is listed -------------------------------------------------------------------------------

void Presence::arrived(UserSlot user, SessionId session, Moment now) {
  grace_.disarm(user);
  has_[session.index] = version_ - 1;
  if (users_.list(user)) changed(now);
  if (has_[session.index] != version_) send({&session, 1}, now);
}

void Presence::left(UserSlot user, Moment now) {
  grace_.arm(user, now.now);
}

void Presence::removed(UserSlot user, Moment now) {
  grace_.disarm(user);
  if (users_.unlist(user)) changed(now);
}

void Presence::restored(UserSlot user, Moment now) {
  users_.list(user);
  text_stale_ = true;
  grace_.arm(user, now.now);
}

UserSlot Presence::pop_expired(Moment now) {
  UserSlot user = kNoUser;
  Instant due;
  return grace_.pop_expired(now.now, user, due) ? user : kNoUser;
}

// --- When it is sent -----------------------------------------------------------------------------

void Presence::changed(Moment now) {
  text_stale_ = true;
  ++version_;
  list_due_ = true;
  if (now.now >= next_list_) send_to_all(now);
}

Instant Presence::next_due() const {
  return std::min(grace_.next_due(), list_due_ ? next_list_ : kNever);
}

void Presence::expire(Moment now) {
  if (list_due_ && now.now >= next_list_) send_to_all(now);
}

void Presence::send_to_all(Moment now) {
  list_due_ = false;
  const Instant soonest = now.now + options_.list_interval;
  behind_.clear();
  for (const SessionId session : users_.everyone()) {
    if (has_[session.index] != version_) behind_.append(session);
  }
  if (!behind_.empty() && send(behind_.span(), now)) ++counters_.lists;
  next_list_ = std::max(next_list_, soonest);
}

bool Presence::send(std::span<const SessionId> to, Moment now) {
  const std::string_view list = ids();
  const Notice notice = writer_.online_list(list, send_time_.literal(now.wall));
  if (!effects_.notify(to, notice, Delivery::latest)) {
    list_due_ = true;  // no memory now: all get it at the next occasion
    next_list_ = std::max(next_list_, now.now + options_.list_interval);
    return false;
  }
  for (const SessionId session : to) has_[session.index] = version_;
  const std::uint64_t bytes = list.size() * to.size();
  counters_.list_bytes += bytes;
  const Duration cost{bytes * 1000 / options_.bytes_per_second};
  next_list_ = std::max(next_list_, now.now) + cost;
  return true;
}

std::string_view Presence::ids() {
  if (text_stale_) {
    JsonWriter out(text_.span());
    bool first = true;
    for (const UserSlot user : users_.listed()) {
      out.raw(first ? "\"" : ",\"").raw(users_.id(user)).raw("\"");
      first = false;
    }
    text_size_ = out.text().size();
    text_stale_ = false;
  }
  return {text_.begin(), text_size_};
}

}  // namespace bellhop
