#pragma once
// The rules of presence and calls behind an adapter under test, with recorded effects, tokens from
// a map and a session table that nobody drives.
#include "adapter/bearers.h"
#include "gateway/switchboard.h"
#include "support/engineio_rig.h"
#include "support/fake_authority.h"
#include "support/recording_effects.h"

namespace bellhop {

/// Sessions that only have an id.
class IdleDriver final : public SessionDriver {
 public:
  void flush(SessionId) override {}
  void ended(SessionId, CloseReason) override {}
};

struct AdapterRig : SessionRig {
  static SwitchboardOptions switchboard_options() {
    return {.users = {.users = 3, .sessions = 6}, .presence = {}, .calls = {.calls = 4}};
  }
  AdapterRig() : SessionRig({.sessions = 6}) {
    authority.add("token-of-1", "1", "甲");
    authority.add("token-of-2", "2");
    authority.add("stale", "1", "", WallTime{Duration{1}});
  }
  [[nodiscard]] SessionId open() { return sessions.open(driver); }
  [[nodiscard]] Moment moment() { return {clock.now(), clock.wall_now()}; }
  /// Takes every slot of the table of users.
  void fill_users() {
    for (std::uint32_t i = 0; i < 3; ++i) {
      static_cast<void>(switchboard.sign_in({3 + i, 9}, "full" + std::to_string(i), "", moment()));
    }
    effects.take();
  }

  IdleDriver driver;
  FakeAuthority authority;
  FakeClock clock;
  RecordingEffects effects;
  Switchboard switchboard{switchboard_options(), effects};
  Bearers bearers{authority, sessions, clock};
};

}  // namespace bellhop
