#pragma once
#include "base/instant.h"

namespace bellhop {

/// A fixed table whose slots are mirrored by rows. The Recorder calls it, writes inside a
/// transaction of its own.
class MirroredTable {
 public:
  /// Reads the rows of the last run into the table, before it is first used. False when the store
  /// could not be read: it is then called again, later and while the table is in use.
  [[nodiscard]] virtual bool restore(Instant now) = 0;

  /// Whether there is something to write.
  [[nodiscard]] virtual bool changed() const = 0;
  /// Writes changed slots, a row each, and takes what it wrote off `rows`, the most it may write.
  /// False when the store failed.
  [[nodiscard]] virtual bool write_some(int& rows) = 0;
  /// Everything is to be written again: what was written did not reach the disk.
  virtual void mark_all_changed() = 0;
  /// Removes every row.
  [[nodiscard]] virtual bool clear() = 0;

  /// When expire() next has something to do.
  [[nodiscard]] virtual Instant next_due() const { return kNever; }
  /// What is due in the table itself, such as the end of a grace.
  virtual void expire(Instant) {}

 protected:
  ~MirroredTable() = default;
};

}  // namespace bellhop
