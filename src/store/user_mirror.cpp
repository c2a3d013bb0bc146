#include "store/user_mirror.h"

#include <utility>

#include "base/log.h"

namespace bellhop {
namespace {

class Restore final : public UserReader {
 public:
  Restore(Switchboard& switchboard, Moment now, bool late)
      : switchboard_(switchboard), now_(now), late_(late) {}
  void user(const UserRow& row) override {
    const bool online = row.online && !late_;  // the grace is over
    switchboard_.restore_user(row.id, row.name, online, row.last_seen, now_);
  }

 private:
  Switchboard& switchboard_;
  Moment now_;
  bool late_;
};

}  // namespace

bool UserMirror::restore(Instant now) {
  Restore reader(switchboard_, {now, clock_.wall_now()}, std::exchange(late_, true));
  const bool read = rows_.read(reader);
  const Users& users = switchboard_.users();
  log_event(LogLevel::info, "users_restored",
            {{"users", users.gauge().in_use}, {"online", users.listed().size()}});
  return read;
}

bool UserMirror::write_some(int& rows) {
  Users& users = switchboard_.users();
  for (; rows > 0; --rows) {
    const auto slot = users.take_changed();
    if (!slot) break;
    const UserView user = users.view(*slot);
    const bool written = user.id.empty() ? rows_.remove(*slot)
                                         : rows_.put(*slot, {.id = user.id,
                                                             .name = user.name,
                                                             .online = user.listed,
                                                             .last_seen = user.last_seen});
    if (!written) return false;
  }
  return true;
}

}  // namespace bellhop
