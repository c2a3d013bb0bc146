#pragma once
#include "gateway/calls.h"
#include "gateway/gateway.h"
#include "store/mirrored_table.h"
#include "store/store.h"

namespace bellhop {

/// The numbers that pushes, calls and frames get must grow over restarts, also when the clock they
/// start from was set back meanwhile. The store holds a mark that none given out has reached; it is
/// moved on, a lot at a time, before one does.
class NumberMirror final : public MirroredTable {
 public:
  NumberMirror(Gateway& gateway, Calls& calls, NumberRows& rows)
      : gateway_(gateway), calls_(calls), rows_(rows) {}

  [[nodiscard]] bool restore(Instant now) override;
  [[nodiscard]] bool changed() const override;
  [[nodiscard]] bool write_some(int& rows) override;
  void mark_all_changed() override { mark_ = 0; }
  [[nodiscard]] bool clear() override { return rows_.clear(); }

 private:
  [[nodiscard]] std::uint64_t next() const;

  Gateway& gateway_;
  Calls& calls_;
  NumberRows& rows_;
  std::uint64_t mark_ = 0;
};

}  // namespace bellhop
