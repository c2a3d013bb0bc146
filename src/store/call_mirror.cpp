#include "store/call_mirror.h"

#include "base/log.h"

namespace bellhop {
namespace {

class Restore final : public CallReader {
 public:
  Restore(Calls& calls, WallTime now) : calls_(calls), now_(now) {}
  void call(const Call& call) override { calls_.restore(call, now_); }

 private:
  Calls& calls_;
  WallTime now_;
};

}  // namespace

bool CallMirror::restore(Instant) {
  Restore reader(calls_, clock_.wall_now());
  const bool read = rows_.read(reader);
  log_event(LogLevel::info, "calls_restored", {{"calls", calls_.gauge().in_use}});
  return read;
}

bool CallMirror::write_some(int& rows) {
  for (; rows > 0; --rows) {
    const auto slot = calls_.take_changed();
    if (!slot) break;
    const Call& call = calls_.at(*slot);
    if (call.state != CallState::free && !rows_.put(*slot, call)) return false;
  }
  return true;
}

}  // namespace bellhop
