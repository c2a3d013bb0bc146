#pragma once
// Tables of the rules, written behind: messages never wait for the store.
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "base/instant.h"
#include "store/mirrored_table.h"
#include "store/store.h"

namespace bellhop {

struct RecorderCounters {
  std::uint64_t commits = 0;
  std::uint64_t failures = 0;
  std::uint64_t rows = 0;
};

class Recorder {
 public:
  /// The tables must outlive it; they are read back and written in this order.
  Recorder(Transactions& store, std::initializer_list<MirroredTable*> tables, Duration interval)
      : store_(store), tables_(tables), interval_(interval) {}

  /// Reads the tables of the last run back. From then on the store holds what the tables hold and
  /// nothing else. A store that fails is tried again later: what it holds of the last run is read
  /// before the first write.
  void restore(Instant now);

  /// When flush() next has something to do.
  [[nodiscard]] Instant next_due() const;
  /// Writes what has changed, in one transaction of bounded size.
  void flush(Instant now);
  /// Writes everything that is left, at the end.
  void flush_all(Instant now);

  /// False from a failed write until the next good one. Another process that is writing is no
  /// failure for a while.
  [[nodiscard]] bool healthy() const { return healthy_; }
  [[nodiscard]] const RecorderCounters& counters() const { return counters_; }

 private:
  [[nodiscard]] bool changed() const;
  [[nodiscard]] bool postpone(Instant now);
  void write(Instant now);
  [[nodiscard]] bool read_back(Instant now);
  [[nodiscard]] bool write_changes(Instant now);
  void note(bool written);

  Transactions& store_;
  std::vector<MirroredTable*> tables_;
  Duration interval_;
  Instant next_flush_{};
  Instant busy_since_ = kNever;
  bool healthy_ = true;
  bool read_ = false;      ///< all tables have been read back
  bool mirrored_ = false;  ///< the store has no rows of an earlier run any more
  RecorderCounters counters_;
};

}  // namespace bellhop
