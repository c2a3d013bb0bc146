#include "token/token_book.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace bellhop {

TokenBook::TokenBook(std::size_t capacity)
    : slots_(capacity), buckets_(std::bit_ceil(capacity + 1)), free_(capacity) {
  gauge_.capacity = capacity;
  for (std::uint32_t& head : buckets_) head = kNone;
  for (std::size_t i = capacity; i > 0; --i) {
    free_.append(static_cast<std::uint32_t>(i - 1));
  }
}

/// A digest's first bytes are as good a hash as any.
const std::uint32_t& TokenBook::bucket(const Digest& digest) const {
  std::uint32_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return buckets_[hash & (buckets_.size() - 1)];
}

std::uint32_t& TokenBook::bucket(const Digest& digest) {
  return const_cast<std::uint32_t&>(std::as_const(*this).bucket(digest));
}

std::uint32_t TokenBook::find(const Digest& digest) const {
  std::uint32_t i = bucket(digest);
  while (i != kNone && !same_digest(slots_[i].record.digest, digest)) i = slots_[i].next_in_bucket;
  return i;
}

TokenId TokenBook::find(std::string_view token) const {
  Digest digest{};
  if (!sha256(token, digest)) return {};
  const std::uint32_t i = find(digest);
  return i == kNone ? TokenId{} : TokenId{i, slots_[i].generation};
}

const TokenRecord* TokenBook::record(TokenId id) const {
  if (!id || id.index >= slots_.size()) return nullptr;
  const Slot& slot = slots_[id.index];
  return slot.used && slot.generation == id.generation ? &slot.record : nullptr;
}

std::vector<const TokenRecord*> TokenBook::records() const {
  std::vector<const TokenRecord*> all;
  for (const Slot& slot : slots_) {
    if (slot.used) all.push_back(&slot.record);
  }
  std::sort(all.begin(), all.end(), [](const TokenRecord* a, const TokenRecord* b) {
    return a->created != b->created ? a->created < b->created : a->id.view() < b->id.view();
  });
  return all;
}

std::size_t TokenBook::load(std::span<const TokenRecord> records) {
  for (const TokenRecord& record : records) keep(record);
  drop_others();  // before others come: a full table has room for those that replace
  std::size_t left_out = 0;
  for (const TokenRecord& record : records) {
    if (find(record.digest) != kNone) continue;
    if (free_.empty()) {
      gauge_.refuse();
      ++left_out;
    } else {
      insert(record);
    }
  }
  return left_out;
}

void TokenBook::keep(const TokenRecord& record) {
  const std::uint32_t i = find(record.digest);
  if (i == kNone || slots_[i].record.user != record.user.view()) return;
  slots_[i].record = record;
  slots_[i].kept = true;
}

void TokenBook::drop_others() {
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    const bool stays = std::exchange(slot.kept, false);
    if (!slot.used || stays) continue;
    std::uint32_t* link = &bucket(slot.record.digest);
    while (*link != i) link = &slots_[*link].next_in_bucket;
    *link = slot.next_in_bucket;
    const std::uint32_t next = slot.generation + 1;
    slot = {.generation = next == 0 ? 1 : next};
    free_.append(i);
    gauge_.release();
  }
}

void TokenBook::insert(const TokenRecord& record) {
  const std::uint32_t i = free_.take_back();
  std::uint32_t& head = bucket(record.digest);
  slots_[i].record = record;
  slots_[i].used = true;
  slots_[i].next_in_bucket = std::exchange(head, i);
  gauge_.take();
}

}  // namespace bellhop
