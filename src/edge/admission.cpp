#include "edge/admission.h"

#include <algorithm>

namespace bellhop {
namespace {

constexpr std::uint32_t kMilli = 1000;

bool is_own_origin(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.size() == scheme.size() + host.size() && origin.starts_with(scheme) &&
        origin.ends_with(host)) {
      return true;
    }
  }
  return false;
}

}  // namespace

Admission::Admission(const AdmissionOptions& options)
    : options_(options),
      origins_(options.origins),
      addresses_(options.addresses),
      entries_(options.addresses) {
  gauge_.capacity = options.addresses;
}

std::size_t Admission::find(std::uint32_t address) const {
  const auto* end = addresses_.begin() + gauge_.in_use;
  return static_cast<std::size_t>(std::find(addresses_.begin(), end, address) - addresses_.begin());
}

std::size_t Admission::claim(std::uint32_t address, Instant now) {
  std::size_t slot = find(address);
  if (slot < gauge_.in_use) return slot;
  if (gauge_.full()) {
    // There are as many entries as connections, so one without any is there; the address that
    // left it loses no more than its empty bucket.
    slot = 0;
    while (slot < entries_.size() && entries_[slot].connections > 0) ++slot;
    if (slot == entries_.size()) return slot;
  } else {
    slot = gauge_.in_use;
    gauge_.take();
  }
  addresses_[slot] = address;
  entries_[slot] = {0, options_.connections_per_address * kMilli, now};
  return slot;
}

void Admission::refill(Entry& entry, Instant now) const {
  const std::uint64_t most = std::uint64_t{options_.connections_per_address} * kMilli;
  const auto elapsed_ms = static_cast<std::uint64_t>((now - entry.refilled).count());
  const std::uint64_t tokens = entry.tokens_milli + elapsed_ms * options_.new_sessions_per_second;
  entry.tokens_milli = static_cast<std::uint32_t>(std::min(most, tokens));
  entry.refilled = now;
}

bool Admission::connection_opened(std::uint32_t address, Instant now) {
  const std::size_t slot = claim(address, now);
  if (slot == entries_.size() || entries_[slot].connections >= options_.connections_per_address) {
    ++refused_connections_;
    return false;
  }
  ++entries_[slot].connections;
  return true;
}

void Admission::connection_closed(std::uint32_t address) {
  const std::size_t slot = find(address);
  if (slot < gauge_.in_use && entries_[slot].connections > 0) --entries_[slot].connections;
}

bool Admission::session_allowed(std::uint32_t address, Instant now) {
  const std::size_t slot = find(address);
  if (slot == gauge_.in_use) return true;  // not counted: it has no connection of its own
  Entry& entry = entries_[slot];
  refill(entry, now);
  if (entry.tokens_milli < kMilli) {
    ++refused_sessions_;
    return false;
  }
  entry.tokens_milli -= kMilli;
  return true;
}

bool Admission::origin_allowed(std::string_view origin, std::string_view host) {
  if (origin.empty() || is_own_origin(origin, host)) return true;
  for (const std::string& listed : origins_) {
    if (listed == "*" || listed == origin) return true;
  }
  ++refused_origins_;
  return false;
}

}  // namespace bellhop
