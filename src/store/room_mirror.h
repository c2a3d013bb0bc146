#pragma once
#include <string_view>

#include "gateway/rooms.h"
#include "store/mirrored_table.h"
#include "store/store.h"

namespace bellhop {

/// Names sessions the way clients know them.
class SessionNames {
 public:
  [[nodiscard]] virtual std::string_view sid(SessionId session) const = 0;

 protected:
  ~SessionNames() = default;
};

/// The rooms and their members. Rooms come back from the last run without their members: those
/// sessions are gone. They are listed as held before until somebody enters, or until the grace is
/// over.
class RoomMirror final : public MirroredTable {
 public:
  RoomMirror(Rooms& rooms, RoomRows& rows, const SessionNames& names)
      : rooms_(rooms), rows_(rows), names_(names) {}

  [[nodiscard]] bool restore(Instant now) override;
  [[nodiscard]] bool changed() const override { return rooms_.changed(); }
  [[nodiscard]] bool write_some(int& rows) override;
  void mark_all_changed() override { rooms_.mark_all_changed(); }
  [[nodiscard]] bool clear() override { return rows_.clear(); }
  [[nodiscard]] Instant next_due() const override { return unclaimed_until_; }
  void expire(Instant now) override;

 private:
  [[nodiscard]] bool write_room(std::uint32_t slot);
  [[nodiscard]] bool write_membership(std::uint32_t slot);

  Rooms& rooms_;
  RoomRows& rows_;
  const SessionNames& names_;
  Instant unclaimed_until_ = kNever;
  bool late_ = false;  ///< restore() has been called
};

}  // namespace bellhop
