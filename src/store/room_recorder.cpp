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
  void room(std::uint32_t slot, std::string_view name, WallTime created,
            std::size_t members) override {
    restored += rooms_.restore(slot, name, created, members) ? 1U : 0U;
  }
  std::size_t restored = 0;

 private:
  Rooms& rooms_;
};

}  // namespace

bool RoomRecorder::restore(Instant now) {
  Restore reader(rooms_);
  if (!store_.read_rooms(reader)) return false;
  rooms_.mark_all_changed();  // slots that did not fit a smaller table are removed
  log_event(LogLevel::info, "rooms_restored", {{"rooms", reader.restored}});
  if (reader.restored > 0) unclaimed_until_ = now + kGrace;
  return true;
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
  if (!write_changes()) return failed();
  ++counters_.commits;
  if (!healthy_) log_event(LogLevel::info, "store_recovered", {});
  healthy_ = true;
}

void RoomRecorder::flush_all(Instant now) {
  do {
    next_flush_ = now;
    flush(now);
  } while (rooms_.changed() && healthy_);
}

bool RoomRecorder::write_changes() {
  if (!store_.begin()) return false;
  for (int rows = 0; rows < kMostRows; ++rows) {
    const auto room = rooms_.take_changed_room();
    const auto membership = room ? std::nullopt : rooms_.take_changed_membership();
    if (!room && !membership) break;
    if (!(room ? write_room(*room) : write_membership(*membership))) return false;
    ++counters_.rows;
  }
  return store_.commit();
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

void RoomRecorder::failed() {
  rooms_.mark_all_changed();
  ++counters_.failures;
  if (healthy_) log_event(LogLevel::error, "store_failed", {{"reason", store_.error()}});
  healthy_ = false;
}

}  // namespace bellhop
