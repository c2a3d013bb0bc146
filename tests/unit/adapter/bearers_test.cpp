#include "adapter/bearers.h"

#include "support/adapter_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

Instant at(std::int64_t ms) {
  return Instant{Duration{ms}};
}

}  // namespace

TEST_GROUP(Bearers) {
  AdapterRig rig;
  Bearers& bearers = rig.bearers;
  SessionId session = rig.open();

  void check_ended(const SessionId& ended) {
    CHECK_FALSE(rig.sessions.alive(ended));
    rig.turn();
    LONGS_EQUAL(1, rig.closed(CloseReason::token_ended));
  }
};

TEST(Bearers, KeepsWhoSpeaksThroughASession) {
  CHECK(bearers.verdict(session) == TokenVerdict::missing);
  CHECK(bearers.passport(session) == nullptr);
  CHECK(bearers.present(session, "token-of-1") == TokenVerdict::good);
  CHECK_EQUAL("1"sv, bearers.passport(session)->user.view());
  CHECK_EQUAL("甲"sv, bearers.passport(session)->name.view());
}

TEST(Bearers, ABadTokenTakesTheEarlierOnesPlace) {
  CHECK(bearers.present(session, "token-of-1") == TokenVerdict::good);
  CHECK(bearers.present(session, "stale") == TokenVerdict::expired);
  CHECK(bearers.verdict(session) == TokenVerdict::expired);
  CHECK(bearers.passport(session) == nullptr);
}

TEST(Bearers, TheNextSessionInASlotInheritsNothing) {
  CHECK(bearers.present(session, "token-of-1") == TokenVerdict::good);
  const SessionId next = {session.index, session.generation + 1};
  CHECK(bearers.verdict(next) == TokenVerdict::missing);
  CHECK(bearers.passport(next) == nullptr);
  bearers.forget(session);
  CHECK(bearers.verdict(session) == TokenVerdict::missing);
}

TEST(Bearers, ARevokedTokenEndsItsSessionWithinASecond) {
  const SessionId other = rig.open();
  CHECK(bearers.present(session, "token-of-1") == TokenVerdict::good);
  CHECK(bearers.present(other, "token-of-2") == TokenVerdict::good);
  bearers.expire(at(0));
  CHECK(rig.sessions.alive(session));
  rig.authority.revoked.insert("1");
  CHECK(bearers.next_due() <= at(1000));
  bearers.expire(bearers.next_due());
  CHECK(rig.sessions.alive(other));
  check_ended(session);
}

TEST(Bearers, ATokenThatExpiresEndsItsSession) {
  rig.authority.add("short", "1", "", rig.clock.wall + Duration{700});
  CHECK(bearers.present(session, "short") == TokenVerdict::good);
  for (std::int64_t ms = 0; ms < 700; ms += 100) {
    bearers.expire(at(ms));
    rig.clock.wall += Duration{100};
    CHECK(rig.sessions.alive(session));
  }
  bearers.expire(at(1000));
  check_ended(session);
}

TEST(Bearers, LooksTwiceASecondAndNoMore) {
  CHECK(bearers.present(session, "token-of-1") == TokenVerdict::good);
  bearers.expire(at(0));
  rig.authority.revoked.insert("1");
  bearers.expire(at(499));
  CHECK(rig.sessions.alive(session));
  bearers.expire(at(500));
  check_ended(session);
}

TEST(Bearers, AReloadNeedNotWaitForTheNextLook) {
  CHECK(bearers.present(session, "token-of-1") == TokenVerdict::good);
  bearers.expire(at(0));
  rig.authority.revoked.insert("1");
  bearers.check(at(1));
  check_ended(session);
  CHECK(bearers.next_due() == at(501));
}

TEST(Bearers, WhoHasNoGoodTokenIsLeftAlone) {
  const SessionId refused = rig.open();
  CHECK(bearers.present(refused, "stale") == TokenVerdict::expired);
  rig.authority.revoked.insert("1");
  bearers.expire(at(1000));
  CHECK(rig.sessions.alive(session));
  CHECK(rig.sessions.alive(refused));
}
