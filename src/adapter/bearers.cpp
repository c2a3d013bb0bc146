#include "adapter/bearers.h"

namespace bellhop {

TokenVerdict Bearers::present(SessionId session, std::string_view token) {
  Entry& entry = entries_[session.index];
  entry.session = session;
  entry.verdict = authority_.check(token, clock_.wall_now(), entry.passport);
  return entry.verdict;
}

TokenVerdict Bearers::verdict(SessionId session) const {
  const Entry& entry = entries_[session.index];
  return entry.session == session ? entry.verdict : TokenVerdict::missing;
}

const Passport* Bearers::passport(SessionId session) const {
  return verdict(session) == TokenVerdict::good ? &entries_[session.index].passport : nullptr;
}

void Bearers::forget(SessionId session) {
  entries_[session.index].session = {};
}

void Bearers::check(Instant now) {
  next_check_ = now + kInterval;
  const WallTime wall = clock_.wall_now();
  for (const Entry& entry : entries_) {
    const bool good = entry.session && entry.verdict == TokenVerdict::good;
    if (!good || authority_.still_good(entry.passport, wall)) continue;
    sessions_.close(entry.session, CloseReason::token_ended);
  }
}

}  // namespace bellhop
