#include "store/room_mirror.h"

#include <utility>

#include "base/log.h"

namespace bellhop {
namespace {

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

bool RoomMirror::restore(Instant now) {
  if (std::exchange(late_, true)) return true;  // the grace of those rooms is over
  Restore reader(rooms_);
  const bool read = rows_.read(reader);
  log_event(LogLevel::info, "rooms_restored",
            {{"rooms", reader.restored}, {"left_out", reader.left_out}});
  if (reader.restored > 0) unclaimed_until_ = now + kGrace;
  return read;
}

void RoomMirror::expire(Instant now) {
  if (now < unclaimed_until_) return;
  rooms_.drop_unclaimed();
  unclaimed_until_ = kNever;
}

bool RoomMirror::write_some(int& rows) {
  for (; rows > 0; --rows) {
    const auto room = rooms_.take_changed_room();
    const auto membership = room ? std::nullopt : rooms_.take_changed_membership();
    if (!room && !membership) break;
    if (!(room ? write_room(*room) : write_membership(*membership))) return false;
  }
  return true;
}

bool RoomMirror::write_room(std::uint32_t slot) {
  const RoomView room = rooms_.view(slot);
  return room.name.empty() ? rows_.remove_room(slot)
                           : rows_.put_room(slot, room.name, room.created);
}

bool RoomMirror::write_membership(std::uint32_t slot) {
  const MembershipView view = rooms_.membership(slot);
  if (!view.member.session) return rows_.remove_membership(slot);
  return rows_.put_membership(slot, view.room, names_.sid(view.member.session), view.member.rule,
                              view.member.since);
}

}  // namespace bellhop
