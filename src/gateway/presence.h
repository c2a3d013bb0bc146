#pragma once
// The online list: who is on it, for how long after the last connection went, and when it is sent.
// A list is as long as there are users and goes to all of them, so it is quadratic: changes are
// coalesced, and the bytes a second are bounded.
#include <cstdint>

#include "base/deadline_queue.h"
#include "base/fixed_array.h"
#include "base/instant.h"
#include "gateway/effects.h"
#include "gateway/notices.h"
#include "gateway/users.h"

namespace bellhop {

struct PresenceOptions {
  Duration grace{5000};         ///< a user without connections stays listed for so long
  Duration list_interval{100};  ///< least time between two lists to all
  std::uint32_t bytes_per_second = 4U << 20;  ///< for all lists to all connections together
};

/// Most bytes of the ids in a list of that many users.
[[nodiscard]] constexpr std::size_t online_list_bytes(std::size_t users) {
  constexpr std::size_t kQuotesAndComma = 3;
  return users * (kUserIdBytes + kQuotesAndComma);
}

struct PresenceCounters {
  std::uint64_t lists = 0;       ///< lists sent to all
  std::uint64_t list_bytes = 0;  ///< bytes of lists queued, to all and to newcomers
};

class Presence {
 public:
  Presence(const PresenceOptions& options, Users& users, std::size_t sessions, Effects& effects);

  /// `session` of `user` has come: it gets the list at once, and so do the others if it is new.
  void arrived(UserSlot user, SessionId session, Moment now);
  /// The last connection of `user` went: the grace begins.
  void left(UserSlot user, Moment now);
  /// `user` is gone, without any grace or at its end.
  void removed(UserSlot user, Moment now);
  /// Lists a user of the last run: the grace counts from now, and nobody is told yet.
  void restored(UserSlot user, Moment now);

  [[nodiscard]] Instant next_due() const;
  /// Sends the list when one is due.
  void expire(Moment now);
  /// Takes out one user whose grace is over; kNoUser when there is none left.
  [[nodiscard]] UserSlot pop_expired(Moment now);

  [[nodiscard]] const PresenceCounters& counters() const { return counters_; }

 private:
  void changed(Moment now);
  void send_to_all(Moment now);
  /// Sends the list as it is now; false when there was no memory.
  bool send(std::span<const SessionId> to, Moment now);
  [[nodiscard]] std::string_view ids();

  PresenceOptions options_;
  Users& users_;
  Effects& effects_;
  DeadlineQueue grace_;
  FixedArray<char> text_;  ///< the ids as JSON
  std::size_t text_size_ = 0;
  bool text_stale_ = true;
  std::uint32_t version_ = 0;      ///< of the list, counted with each change
  FixedArray<std::uint32_t> has_;  ///< which version a session (by its index) was sent
  FixedList<SessionId> behind_;    ///< those that have an older one
  bool list_due_ = false;          ///< it has changed since all got it
  Instant next_list_{};            ///< when the interval and the budget allow the next one
  SendTime send_time_;
  NoticeWriter writer_;
  PresenceCounters counters_;
};

}  // namespace bellhop
