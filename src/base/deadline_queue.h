#pragma once
#include <cstdint>
#include <limits>

#include "base/fixed_array.h"
#include "base/instant.h"

namespace bellhop {

/// Deadlines of one timeout for the members of one table, by slot index. Since every member waits
/// the same time, appending keeps the queue sorted: arm and disarm are O(1), the next expiry is
/// the head. A member is in the queue at most once; arming again moves it to the tail.
class DeadlineQueue {
 public:
  DeadlineQueue(std::size_t members, Duration timeout) : nodes_(members), timeout_(timeout) {}

  /// Counts from `from`, which must not run backwards from one call to the next by more than the
  /// slack of one loop turn: an earlier deadline is lifted to the tail's, never sorted in.
  void arm(std::uint32_t member, Instant from) {
    disarm(member);
    Instant due = from + timeout_;
    if (tail_ != kNone && due < nodes_[tail_].due) due = nodes_[tail_].due;
    nodes_[member] = {due, tail_, kNone, true};
    (tail_ == kNone ? head_ : nodes_[tail_].next) = member;
    tail_ = member;
  }

  void disarm(std::uint32_t member) {
    Node& node = nodes_[member];
    if (!node.armed) return;
    (node.prev == kNone ? head_ : nodes_[node.prev].next) = node.next;
    (node.next == kNone ? tail_ : nodes_[node.next].prev) = node.prev;
    node.armed = false;
  }

  [[nodiscard]] bool armed(std::uint32_t member) const { return nodes_[member].armed; }
  [[nodiscard]] Instant next_due() const { return head_ == kNone ? kNever : nodes_[head_].due; }

  /// Takes one expired member out and tells its deadline; false when none is due at `now`.
  [[nodiscard]] bool pop_expired(Instant now, std::uint32_t& member, Instant& due) {
    if (head_ == kNone || nodes_[head_].due > now) return false;
    member = head_;
    due = nodes_[head_].due;
    disarm(member);
    return true;
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  struct Node {
    Instant due{};
    std::uint32_t prev = kNone;
    std::uint32_t next = kNone;
    bool armed = false;
  };

  FixedArray<Node> nodes_;
  Duration timeout_;
  std::uint32_t head_ = kNone;
  std::uint32_t tail_ = kNone;
};

}  // namespace bellhop
