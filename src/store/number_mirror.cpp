#include "store/number_mirror.h"

#include <algorithm>

namespace bellhop {
namespace {

/// Numbers for the mark to be ahead by; it is moved when half of them are used up.
constexpr std::uint64_t kAhead = 1'000'000;

}  // namespace

std::uint64_t NumberMirror::next() const {
  return std::max(gateway_.next_push_id(), calls_.next_id());
}

bool NumberMirror::restore(Instant) {
  std::uint64_t mark = 0;
  if (!rows_.read(mark)) return false;
  gateway_.skip_push_ids(mark);
  calls_.skip_ids(mark);
  return true;
}

bool NumberMirror::changed() const {
  return next() + kAhead / 2 > mark_;
}

bool NumberMirror::write_some(int& rows) {
  if (!changed() || rows == 0) return true;
  mark_ = next() + kAhead;
  --rows;
  return rows_.put(mark_);
}

}  // namespace bellhop
