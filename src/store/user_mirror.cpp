#include "store/user_mirror.h"

#include "base/log.h"

namespace bellhop {
namespace {

class Restore final : public UserReader {
 public:
  Restore(Switchboard& switchboard, Moment now) : switchboard_(switchboard), now_(now) {}
  void user(const UserRow& row) override {
    switchboard_.restore_user(row.id, row.name, row.online, row.last_seen, now_);
  }

 private:
  Switchboard& switchboard_;
  Moment now_;
};

}  // namespace

bool UserMirror::restore(Instant now) {
  Restore reader(switchboard_, {now, clock_.wall_now()});
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
