#pragma once
#include "gateway/switchboard.h"
#include "platform/clock.h"
#include "store/mirrored_table.h"
#include "store/store.h"

namespace bellhop {

/// The users. Those who were online when the last run ended come back onto the list for the grace.
class UserMirror final : public MirroredTable {
 public:
  UserMirror(Switchboard& switchboard, UserRows& rows, Clock& clock)
      : switchboard_(switchboard), rows_(rows), clock_(clock) {}

  [[nodiscard]] bool restore(Instant now) override;
  [[nodiscard]] bool changed() const override { return switchboard_.users().changed(); }
  [[nodiscard]] bool write_some(int& rows) override;
  void mark_all_changed() override { switchboard_.users().mark_all_changed(); }
  [[nodiscard]] bool clear() override { return rows_.clear(); }

 private:
  Switchboard& switchboard_;
  UserRows& rows_;
  Clock& clock_;
  bool late_ = false;  ///< restore() has been called
};

}  // namespace bellhop
