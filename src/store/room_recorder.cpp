#include "store/room_recorder.h"

#include <algorithm>

#include "base/log.h"

namespace bellhop {
namespace {

/// Rows a transaction: bounds how long the loop is away.
constexpr int kMostRows = 512;
/// How long a room read back is listed without anybody entering it.
constexpr Duration kGrace{15000};

class Restore final : public RoomReader {
 public:
  explicit Restore(Rooms& rooms) : rooms_(rooms) {}
  void room(std::string_view name, WallTime created, std::size_t members) override {
    const bool fits = rooms_.restore(name, created, members);
    ++(fits ? restored : left_out);
  }
  std::size_t restored = 0;
  std::size_t left_out = 0;

 private:
  Rooms& rooms_;
};

}  // namespace

void RoomRecorder::restore(Instant now) {
  Restore reader(rooms_);
  const bool read = store_.read_rooms(reader);
  log_event(LogLevel::info, "rooms_restored",
            {{"rooms", reader.restored}, {"left_out", reader.left_out}});
  if (reader.restored > 0) unclaimed_until_ = now + kGrace;
  next_flush_ = now;
  note(read && write_changes());
}

Instant RoomRecorder::next_due() const {
  return std::min(unclaimed_until_, rooms_.changed() ? next_flush_ : kNever);
}

void RoomRecorder::flush(Instant now) {
  if (now >= unclaimed_until_) {
    rooms_.drop_unclaimed();
    unclaimed_until_ = kNever;
  }
  if (!rooms_.changed() || now < next_flush_) return;
  next_flush_ = now + interval_;
  note(write_changes());
}

void RoomRecorder::flush_all(Instant now) {
  do {
    next_flush_ = now;
    flush(now);
  } while (rooms_.changed() && healthy_);
}

bool RoomRecorder::write_changes() {
  if (!store_.begin()) return false;
  // What is cleared must come back in the same transaction, or a cut in between would lose it.
  if (!mirrored_ && !store_.clear()) return false;
  for (int rows = 0; rows < kMostRows || !mirrored_; ++rows) {
    const auto room = rooms_.take_changed_room();
    const auto membership = room ? std::nullopt : rooms_.take_changed_membership();
    if (!room && !membership) break;
    if (!(room ? write_room(*room) : write_membership(*membership))) return false;
    ++counters_.rows;
  }
  if (!store_.commit()) return false;
  mirrored_ = true;
  return true;
}

bool RoomRecorder::write_room(std::uint32_t slot) {
  const RoomView room = rooms_.view(slot);
  return room.name.empty() ? store_.remove_room(slot)
                           : store_.put_room(slot, room.name, room.created);
}

bool RoomRecorder::write_membership(std::uint32_t slot) {
  const MembershipView view = rooms_.membership(slot);
  if (!view.member.session) return store_.remove_membership(slot);
  return store_.put_membership(slot, view.room, names_.sid(view.member.session), view.member.rule,
                               view.member.since);
}

void RoomRecorder::note(bool written) {
  if (written) {
    ++counters_.commits;
    if (!healthy_) log_event(LogLevel::info, "store_recovered", {});
  } else {
    rooms_.mark_all_changed();
    ++counters_.failures;
    if (healthy_) log_event(LogLevel::error, "store_failed", {{"reason", store_.error()}});
  }
  healthy_ = written;
}

}  // namespace bellhop
