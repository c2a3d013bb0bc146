#pragma once
#include "gateway/calls.h"
#include "platform/clock.h"
#include "store/mirrored_table.h"
#include "store/store.h"

namespace bellhop {

/// The calls. Those under way when the last run ended come back as interrupted.
class CallMirror final : public MirroredTable {
 public:
  CallMirror(Calls& calls, CallRows& rows, Clock& clock)
      : calls_(calls), rows_(rows), clock_(clock) {}

  [[nodiscard]] bool restore(Instant now) override;
  [[nodiscard]] bool changed() const override { return calls_.changed(); }
  [[nodiscard]] bool write_some(int& rows) override;
  void mark_all_changed() override { calls_.mark_all_changed(); }
  [[nodiscard]] bool clear() override { return rows_.clear(); }

 private:
  Calls& calls_;
  CallRows& rows_;
  Clock& clock_;
};

}  // namespace bellhop
