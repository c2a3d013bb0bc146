#include "store/token_keeper.h"

#include <array>
#include <vector>

#include "base/log.h"
#include "platform/entropy.h"
#include "platform/key_ring.h"

namespace bellhop {
namespace {

constexpr std::size_t kMadeIdBytes = 5;

/// A fresh id: ten hexadecimal digits.
std::string make_id() {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<char, kMadeIdBytes> random{};
  std::string id;
  if (!fill_random(random)) return id;
  for (const char c : random) {
    const auto byte = static_cast<unsigned char>(c);
    id += kHex[byte >> 4U];
    id += kHex[byte & 15U];
  }
  return id;
}

}  // namespace

RegistryResult TokenKeeper::fail(RegistryResult result, std::string_view reason) {
  reason_ = reason;
  return result;
}

RegistryResult TokenKeeper::unavailable() {
  database_.rollback();
  reason_ = "the database cannot be written: ";
  reason_ += database_.error();
  return RegistryResult::unavailable;
}

bool TokenKeeper::fill(const NewToken& token, WallTime now, IssuedToken& issued) {
  const std::string id = token.id.empty() ? make_id() : std::string(token.id);
  for (const std::string_view fault :
       {token_id_fault(id), user_id_fault(token.user), user_name_fault(token.name),
        token.expires > now ? std::string_view{} : "the token would have expired already"}) {
    if (fault.empty()) continue;
    reason_ = fault;
    return false;
  }
  TokenRecord& record = issued.record;
  record.created = now;
  record.expires = token.expires;
  reason_ = "the kernel gives no random bytes for a token";
  return make_key(issued.token) && sha256(issued.token, record.digest) && record.id.assign(id) &&
         record.user.assign(token.user) && record.name.assign(token.name);
}

RegistryResult TokenKeeper::make_room(WallTime now) {
  std::size_t tokens = 0;
  if (!rows_.count(tokens)) return unavailable();
  if (tokens < book_.capacity()) return RegistryResult::done;
  if (!rows_.remove_expired(now) || !rows_.count(tokens)) return unavailable();
  if (tokens < book_.capacity()) return RegistryResult::done;
  database_.rollback();
  book_.refuse();
  return fail(RegistryResult::full,
              "there are as many tokens as limits.tokens allows: revoke one or raise it");
}

RegistryResult TokenKeeper::add(const NewToken& token, WallTime now, IssuedToken& issued) {
  IssuedToken fresh;
  if (!fill(token, now, fresh)) return RegistryResult::refused;
  const std::string_view id = fresh.record.id.view();
  bool found = false;
  if (!database_.begin() || !rows_.contains(id, found)) return unavailable();
  if (found) {
    database_.rollback();
    return fail(RegistryResult::taken, "there is a token of this id already: revoke it first");
  }
  const RegistryResult room = make_room(now);
  if (room != RegistryResult::done) return room;
  if (!rows_.insert(fresh.record) || !database_.commit()) return unavailable();
  log_event(LogLevel::info, "token_added", {{"id", id}, {"user", fresh.record.user.view()}});
  issued = std::move(fresh);
  reload();
  return RegistryResult::done;
}

RegistryResult TokenKeeper::remove(std::string_view id) {
  bool found = false;
  if (!database_.begin() || !rows_.contains(id, found)) return unavailable();
  if (!found) {
    database_.rollback();
    return fail(RegistryResult::not_found, "there is no token of this id");
  }
  if (!rows_.remove(id) || !database_.commit()) return unavailable();
  log_event(LogLevel::info, "token_revoked", {{"id", id}});
  reload();
  return RegistryResult::done;
}

bool TokenKeeper::reload() {
  std::vector<TokenRecord> records;
  seen_.reset();  // what cannot be read now is read at the next poll
  // Asked first: what is written while we read counts as a later change.
  const auto version = database_.version();
  if (!version || !rows_.read(records)) return false;
  const std::size_t left_out = book_.load(records);
  if (left_out > 0) {
    log_event(LogLevel::warn, "tokens_left_out",
              {{"count", left_out}, {"reason", "more tokens than limits.tokens"}});
  }
  seen_ = version;
  return true;
}

bool TokenKeeper::poll(Instant now) {
  if (now < next_poll_) return false;
  next_poll_ = now + kPollInterval;
  const auto version = database_.version();
  if (!version || version == seen_ || !reload()) return false;
  log_event(LogLevel::info, "tokens_loaded", {{"tokens", book_.gauge().in_use}});
  return true;
}

}  // namespace bellhop
