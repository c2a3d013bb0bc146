#pragma once
#include <cstdint>

#include "base/fixed_array.h"
#include "base/handle.h"
#include "platform/clock.h"
#include "session/session_table.h"
#include "token/authority.h"

namespace bellhop {

/// Who speaks through each session, as its token said, and until when: a session whose token is
/// revoked or expires is ended within a second.
class Bearers {
 public:
  Bearers(Authority& authority, SessionTable& sessions, Clock& clock)
      : authority_(authority), sessions_(sessions), clock_(clock), entries_(sessions.capacity()) {}

  /// Looks at a token and keeps its passport for the session, in place of an earlier one.
  [[nodiscard]] TokenVerdict present(SessionId session, std::string_view token);
  /// What the last present() of a session said; TokenVerdict::missing when it showed none.
  [[nodiscard]] TokenVerdict verdict(SessionId session) const;
  /// Of a session whose verdict is good; else nullptr.
  [[nodiscard]] const Passport* passport(SessionId session) const;
  void forget(SessionId session);

  /// Ends the sessions whose token is no longer good.
  void check(Instant now);
  [[nodiscard]] Instant next_due() const { return next_check_; }
  void expire(Instant now) {
    if (now >= next_check_) check(now);
  }

 private:
  static constexpr Duration kInterval{500};
  struct Entry {
    SessionId session;
    TokenVerdict verdict = TokenVerdict::missing;
    Passport passport;
  };

  Authority& authority_;
  SessionTable& sessions_;
  Clock& clock_;
  FixedArray<Entry> entries_;
  Instant next_check_{};
};

}  // namespace bellhop
