#pragma once
// Calls: those under way and the last ones that are over, in one fixed table. It knows what may
// follow what; who is told is the switchboard's.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/changed_slots.h"
#include "base/deadline_queue.h"
#include "base/fixed_array.h"
#include "base/gauge.h"
#include "base/instant.h"
#include "gateway/users.h"

namespace bellhop {

/// Longest Message of a call that is kept, for the callee who comes later and for the history.
inline constexpr std::size_t kCallMessageBytes = 1024;

enum class CallState : std::uint8_t { free, ringing, accepted, ended };
enum class CallEnd : std::uint8_t {
  none,         ///< it goes on
  hung_up,      ///< after it was accepted
  declined,     ///< by the callee
  cancelled,    ///< by the caller, or because the caller went
  timeout,      ///< nobody answered
  offline,      ///< the callee was not there, or went while it rang
  lost,         ///< one of the two went after it was accepted
  interrupted,  ///< the gateway was started again meanwhile
};
inline constexpr std::size_t kCallEnds = 8;
[[nodiscard]] std::string_view call_state_name(CallState state);
/// Empty for none.
[[nodiscard]] std::string_view call_end_name(CallEnd end);
[[nodiscard]] std::optional<CallState> parse_call_state(std::string_view name);
[[nodiscard]] std::optional<CallEnd> parse_call_end(std::string_view name);

using CallSlot = std::uint32_t;
inline constexpr CallSlot kNoCall = 0xffffffff;

/// One call; a free slot has CallState::free.
struct Call {
  std::uint64_t id = 0;  ///< unique on this box, growing
  CallState state = CallState::free;
  CallEnd end = CallEnd::none;
  bool missed = false;  ///< the callee has not been told of it yet
  UserId caller;
  UserId callee;
  WallTime started{};
  WallTime accepted{};  ///< zero: it never was
  WallTime ended{};     ///< zero: it goes on
  /// The caller's Message as JSON; empty when it was longer than kCallMessageBytes.
  FixedString<kCallMessageBytes> message;
};

struct CallsOptions {
  std::size_t calls = 0;
  Duration ring_timeout{30000};
  std::uint64_t first_id = 1;
};

/// A call under way, as it is searched for.
struct ActiveCall {
  std::uint64_t id = 0;
  UserSlot caller = kNoUser;
  UserSlot callee = kNoUser;
  CallSlot slot = kNoCall;
};

class Calls {
 public:
  explicit Calls(const CallsOptions& options);

  /// A number nothing else has, for a frame that belongs to no call.
  [[nodiscard]] std::uint64_t take_id() { return next_id_++; }
  [[nodiscard]] std::uint64_t next_id() const { return next_id_; }
  /// The ids below `least` are taken.
  void skip_ids(std::uint64_t least) { next_id_ = std::max(next_id_, least); }

  // --- Calls under way ---------------------------------------------------------------------------

  /// A new call that rings; the oldest that is over gives way. kNoCall, counted, when all are under
  /// way.
  [[nodiscard]] CallSlot ring(const ActiveCall& parties, std::string_view caller,
                              std::string_view callee, Moment now);
  /// The caller calls again while it rings: the timeout starts anew.
  void ring_again(CallSlot slot, Moment now) { ring_due_.arm(slot, now.now); }
  /// A call to somebody who is not there: over at once, and missed. kNoCall as ring().
  [[nodiscard]] CallSlot missed_call(std::string_view caller, std::string_view callee,
                                     WallTime now);
  void keep_message(CallSlot slot, std::string_view head, std::string_view tail);
  void accept(CallSlot slot, WallTime now);
  /// Ends a call under way.
  void end(CallSlot slot, CallEnd how, WallTime now);

  /// The callee of a call that is over is to hear of it at the next login.
  void miss(CallSlot slot);

  /// What is under way, in no order. It changes with ring() and end().
  [[nodiscard]] std::span<const ActiveCall> active() const { return active_.span(); }

  [[nodiscard]] Instant next_due() const { return ring_due_.next_due(); }
  /// Takes one that has rung long enough; kNoCall when there is none left.
  [[nodiscard]] CallSlot pop_unanswered(Instant now);

  // --- Missed ones -------------------------------------------------------------------------------

  /// The oldest one that `callee` has not been told of and that is newer than `after`; kNoCall.
  [[nodiscard]] CallSlot next_missed(std::string_view callee, std::uint64_t after) const;
  void told(CallSlot slot);

  // --- For listings and the store: slots 0 .. capacity()-1 ---------------------------------------

  [[nodiscard]] std::size_t capacity() const { return calls_.size(); }
  [[nodiscard]] const Call& at(CallSlot slot) const { return calls_[slot]; }
  [[nodiscard]] std::optional<CallSlot> take_changed() { return changed_.take(); }
  [[nodiscard]] bool changed() const { return !changed_.empty(); }
  /// Whether the store has the call as it is now: nothing has changed since it was taken. What was
  /// taken and could not be stored has been marked again.
  [[nodiscard]] bool stored(CallSlot slot) const { return !changed_.marked(slot); }
  /// Marks everything, when what was taken could not be stored.
  void mark_all_changed();
  /// Takes a call of the last run in, the oldest ones first: one under way then is interrupted, and
  /// missed if it rang. In a full table the oldest that is over gives way, unless it is of this
  /// run. One that is in the table is left alone.
  void restore(const Call& call, WallTime now);

  [[nodiscard]] const TableGauge& gauge() const { return gauge_; }
  [[nodiscard]] std::uint64_t ended_count(CallEnd end) const {
    return ended_[static_cast<std::size_t>(end)];
  }

 private:
  [[nodiscard]] CallSlot take_slot();
  [[nodiscard]] CallSlot create(std::string_view caller, std::string_view callee, WallTime now);
  void forget_active(CallSlot slot);

  FixedArray<Call> calls_;
  FixedList<ActiveCall> active_;
  FixedList<CallSlot> missed_;  ///< in the order in which they became so
  CallSlot next_slot_ = 0;      ///< the oldest, but for calls that are still under way
  std::uint64_t next_id_;
  DeadlineQueue ring_due_;
  ChangedSlots changed_;
  TableGauge gauge_;
  std::uint64_t ended_[kCallEnds] = {};
};

}  // namespace bellhop
