#pragma once
// Rooms, written behind: messages never wait for the store.
#include <cstdint>
#include <string_view>

#include "base/instant.h"
#include "gateway/rooms.h"
#include "store/store.h"

namespace bellhop {

/// Names sessions the way clients know them.
class SessionNames {
 public:
  [[nodiscard]] virtual std::string_view sid(SessionId session) const = 0;

 protected:
  ~SessionNames() = default;
};

struct RecorderCounters {
  std::uint64_t commits = 0;
  std::uint64_t failures = 0;
  std::uint64_t rows = 0;
};

class RoomRecorder {
 public:
  RoomRecorder(Rooms& rooms, Store& store, const SessionNames& names, Duration interval)
      : rooms_(rooms), store_(store), names_(names), interval_(interval) {}

  /// Reads the rooms of the last run back, without their members: those sessions are gone. They
  /// are listed as held before until somebody enters, or until the grace is over. From then on the
  /// store holds what the tables hold and nothing else. A store that fails is tried again later.
  void restore(Instant now);

  /// When flush() next has something to do.
  [[nodiscard]] Instant next_due() const;
  /// Writes what has changed, in one transaction of bounded size.
  void flush(Instant now);
  /// Writes everything that is left, at the end.
  void flush_all(Instant now);

  /// False from a failed write until the next good one.
  [[nodiscard]] bool healthy() const { return healthy_; }
  [[nodiscard]] const RecorderCounters& counters() const { return counters_; }

 private:
  [[nodiscard]] bool write_changes();
  [[nodiscard]] bool write_room(std::uint32_t slot);
  [[nodiscard]] bool write_membership(std::uint32_t slot);
  void note(bool written);

  Rooms& rooms_;
  Store& store_;
  const SessionNames& names_;
  Duration interval_;
  Instant next_flush_{};
  Instant unclaimed_until_ = kNever;
  bool healthy_ = true;
  bool mirrored_ = false;  ///< the store has no rows of an earlier run any more
  RecorderCounters counters_;
};

}  // namespace bellhop
