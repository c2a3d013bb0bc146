#include "store/recorder.h"

#include <algorithm>
#include <limits>

#include "base/log.h"

namespace bellhop {
namespace {

/// Rows a transaction: bounds how long the loop is away.
constexpr int kMostRows = 512;
/// How long another process may keep the store before that is a failure.
constexpr Duration kPatience{1000};
/// How often the end waits for another process, each time as long as the store itself does.
constexpr int kLastAttempts = 50;

}  // namespace

void Recorder::restore(Instant now) {
  next_flush_ = now;
  note(read_back(now) && store_.begin() && write_changes(now));
}

bool Recorder::read_back(Instant now) {
  if (read_) return true;
  bool read = true;
  for (MirroredTable* table : tables_) read = table->restore(now) && read;
  read_ = read;
  return read;
}

Instant Recorder::next_due() const {
  Instant due = changed() ? next_flush_ : kNever;
  for (const MirroredTable* table : tables_) due = std::min(due, table->next_due());
  return due;
}

bool Recorder::changed() const {
  return std::any_of(tables_.begin(), tables_.end(),
                     [](const MirroredTable* table) { return table->changed(); });
}

void Recorder::flush(Instant now) {
  for (MirroredTable* table : tables_) table->expire(now);
  if (!changed() || now < next_flush_) return;
  next_flush_ = now + interval_;
  write(now);
}

void Recorder::flush_all(Instant now) {
  for (int attempt = 0; attempt < kLastAttempts; ++attempt) {
    next_flush_ = now;
    flush(now);
    if (!changed() || !healthy_) return;
    if (busy_since_ == kNever) attempt = 0;  // a part was written
  }
}

void Recorder::write(Instant now) {
  if (store_.begin()) {
    busy_since_ = kNever;
    note(write_changes(now));
  } else if (!postpone(now)) {
    note(false);
  }
}

bool Recorder::postpone(Instant now) {
  if (!store_.busy()) return false;
  if (busy_since_ == kNever) busy_since_ = now;
  return now - busy_since_ < kPatience;
}

bool Recorder::write_changes(Instant now) {
  if (!read_back(now)) return false;
  if (!mirrored_) {
    for (MirroredTable* table : tables_) {
      if (!table->clear()) return false;
    }
  }
  // What is cleared must come back in the same transaction, or a cut in between would lose it.
  const int most = mirrored_ ? kMostRows : std::numeric_limits<int>::max();
  int left = most;
  for (MirroredTable* table : tables_) {
    if (!table->write_some(left)) return false;
  }
  if (!store_.commit()) return false;
  counters_.rows += static_cast<std::uint64_t>(most - left);
  mirrored_ = true;
  return true;
}

void Recorder::note(bool written) {
  if (written) {
    ++counters_.commits;
    if (!healthy_) log_event(LogLevel::info, "store_recovered", {});
  } else {
    for (MirroredTable* table : tables_) table->mark_all_changed();
    ++counters_.failures;
    if (healthy_) log_event(LogLevel::error, "store_failed", {{"reason", store_.error()}});
  }
  healthy_ = written;
}

}  // namespace bellhop
