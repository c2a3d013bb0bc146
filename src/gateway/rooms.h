#pragma once
// Rooms and who is in them: fixed tables, the three entry rules of contract section 2.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/changed_slots.h"
#include "base/fixed_array.h"
#include "base/fixed_string.h"
#include "base/gauge.h"
#include "base/handle.h"
#include "base/instant.h"

namespace bellhop {

inline constexpr std::size_t kIdBytes = 64;  ///< longest room or user id
using RoomName = FixedString<kIdBytes>;

enum class EntryRule : std::uint8_t { first, last, whenever };
/// `loginWhenFirst`, `loginWhenLast`, `loginWhenever`; nullopt for any other text.
[[nodiscard]] std::optional<EntryRule> parse_entry_rule(std::string_view text);
[[nodiscard]] std::string_view entry_rule_name(EntryRule rule);

enum class EntryResult : std::uint8_t {
  entered,         ///< also when the session was a member already
  already_exists,  ///< loginWhenFirst into a room with members; nothing changed
  rooms_full,
  memberships_full,
};

struct RoomsOptions {
  std::size_t rooms = 0;
  std::size_t memberships = 0;  ///< over all rooms
  std::size_t sessions = 0;     ///< session indices are below this
};

struct Member {
  SessionId session;
  EntryRule rule = EntryRule::first;
  WallTime since{};
};

/// One membership slot; a free one has a null session.
struct MembershipView {
  std::uint32_t room = 0;
  Member member;
};

/// A room as others see it; valid until the tables change.
struct RoomView {
  std::uint32_t slot = 0;
  std::string_view name;  ///< empty: the slot is free
  std::size_t members = 0;
  std::size_t held_before = 0;  ///< members it had before the restart it was read back after
  WallTime created{};
};

class Rooms {
 public:
  explicit Rooms(const RoomsOptions& options);

  /// Enters `session`. Under EntryRule::last the others are put out first and listed in `evicted`
  /// (valid until the next call); a member that enters again stays, under its new rule.
  [[nodiscard]] EntryResult enter(std::string_view name, const Member& member,
                                  std::span<const SessionId>& evicted);
  /// False when it was no member.
  bool leave(std::string_view name, SessionId session);
  void leave_all(SessionId session);

  /// Whoever is in the room, in order of entry; valid until the next call. Empty for no such room.
  [[nodiscard]] std::span<const SessionId> members(std::string_view name);

  // --- For listings and the store: slots 0 .. capacity()-1 ---------------------------------------

  [[nodiscard]] std::size_t capacity() const { return rooms_.size(); }
  [[nodiscard]] RoomView view(std::uint32_t slot) const;
  [[nodiscard]] std::optional<RoomView> find_view(std::string_view name) const;
  template <class Visit>
  void for_each_member(std::uint32_t slot, Visit visit) const {
    for (std::uint32_t i = rooms_[slot].first; i != kNone; i = memberships_[i].next_in_room) {
      visit(memberships_[i].member);
    }
  }
  /// Slots that changed since they were last taken: rooms (created, destroyed) and memberships
  /// (entered, left, other rule). nullopt when all are taken.
  [[nodiscard]] std::optional<std::uint32_t> take_changed_room() { return changed_rooms_.take(); }
  [[nodiscard]] std::optional<std::uint32_t> take_changed_membership() {
    return changed_memberships_.take();
  }
  [[nodiscard]] bool changed() const {
    return !changed_rooms_.empty() || !changed_memberships_.empty();
  }
  /// Marks everything, when what was taken could not be stored.
  void mark_all_changed();
  [[nodiscard]] MembershipView membership(std::uint32_t slot) const;

  /// Takes a room of the last run in, without members. False for one that does not fit the table,
  /// is there already or has no possible name.
  [[nodiscard]] bool restore(std::string_view name, WallTime created, std::size_t held_before);
  /// Drops the rooms that were read back and that nobody has entered since.
  void drop_unclaimed();

  [[nodiscard]] const TableGauge& room_gauge() const { return room_gauge_; }
  [[nodiscard]] const TableGauge& membership_gauge() const { return membership_gauge_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Room {
    RoomName name;
    std::uint32_t first = kNone;  ///< memberships, in order of entry
    std::uint32_t last = kNone;
    std::uint32_t members = 0;
    std::uint32_t next_in_bucket = kNone;
    std::uint32_t held_before = 0;
    WallTime created{};
  };
  struct Membership {
    Member member;
    std::uint32_t room = kNone;
    std::uint32_t prev_in_room = kNone;
    std::uint32_t next_in_room = kNone;  ///< also links the free list
    std::uint32_t prev_of_session = kNone;
    std::uint32_t next_of_session = kNone;
  };

  [[nodiscard]] std::uint32_t* bucket(std::string_view name);
  [[nodiscard]] std::uint32_t find(std::string_view name) const;
  [[nodiscard]] std::uint32_t create(std::string_view name, WallTime created);
  void destroy(std::uint32_t slot);
  [[nodiscard]] std::uint32_t find_membership(std::uint32_t room, SessionId session) const;
  void add(std::uint32_t room, const Member& member);
  void remove(std::uint32_t membership);
  void evict_others(std::uint32_t room, SessionId stays);

  FixedArray<Room> rooms_;
  FixedArray<Membership> memberships_;
  FixedArray<std::uint32_t> buckets_;        ///< heads of the chains of equal hashes
  FixedArray<std::uint32_t> session_heads_;  ///< a session's memberships
  FixedList<std::uint32_t> free_rooms_;
  std::uint32_t free_membership_ = kNone;
  FixedList<SessionId> listed_;  ///< what members() and enter() hand out
  ChangedSlots changed_rooms_;
  ChangedSlots changed_memberships_;
  TableGauge room_gauge_;
  TableGauge membership_gauge_;
};

}  // namespace bellhop
