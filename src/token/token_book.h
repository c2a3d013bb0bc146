#pragma once
// The registered opaque tokens: what the database holds, at hand.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/fixed_array.h"
#include "base/fixed_string.h"
#include "base/gauge.h"
#include "token/passport.h"

namespace bellhop {

inline constexpr std::size_t kTokenNameBytes = 32;

/// What is known of a token; never the token itself.
struct TokenRecord {
  FixedString<kTokenNameBytes> id;  ///< by which people name it
  UserId user;
  UserName name;
  Digest digest{};
  WallTime created{};
  WallTime expires = WallTime::max();
};

class TokenBook {
 public:
  explicit TokenBook(std::size_t capacity);

  /// Replaces the content. Tokens that stay keep their handle, handles of the others are stale
  /// from now on; one whose user is another is a new token. Returns how many did not fit.
  std::size_t load(std::span<const TokenRecord> records);

  /// The registered token with this text, expired or not; null when there is none. No heap.
  [[nodiscard]] TokenId find(std::string_view token) const;
  /// nullptr for a stale handle; else valid until the next load().
  [[nodiscard]] const TokenRecord* record(TokenId id) const;

  /// All tokens, the oldest first; valid until the next load(). Uses the heap.
  [[nodiscard]] std::vector<const TokenRecord*> records() const;

  /// Counts somebody who was refused because the table is full.
  void refuse() { gauge_.refuse(); }

  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }
  [[nodiscard]] const TableGauge& gauge() const { return gauge_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Slot {
    TokenRecord record;
    std::uint32_t generation = 1;
    std::uint32_t next_in_bucket = kNone;
    bool used = false;
    bool kept = false;  ///< while load() runs
  };

  [[nodiscard]] std::uint32_t& bucket(const Digest& digest);
  [[nodiscard]] const std::uint32_t& bucket(const Digest& digest) const;
  [[nodiscard]] std::uint32_t find(const Digest& digest) const;
  void keep(const TokenRecord& record);
  void drop_others();
  void insert(const TokenRecord& record);

  FixedArray<Slot> slots_;
  FixedArray<std::uint32_t> buckets_;  ///< heads of the chains of equal hashes
  FixedList<std::uint32_t> free_;
  TableGauge gauge_;
};

}  // namespace bellhop
