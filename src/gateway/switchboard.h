#pragma once
// The rules of presence and calls (contract section 3): who is online, who may tell whom what, and
// the life of a call. Pure: commands in, effects out, fixed tables; time is handed in. It does not
// know whether a session is a call terminal or a page with a token.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"
#include "gateway/calls.h"
#include "gateway/effects.h"
#include "gateway/notices.h"
#include "gateway/presence.h"
#include "gateway/users.h"

namespace bellhop {

/// Missed calls that leave in one frame, and how long it can be; how many such frames and calls
/// that ring a login gets at most: its queue holds no more than 32 messages. The rest of what was
/// missed comes with the next login.
inline constexpr std::size_t kMissedCalls = 16;
inline constexpr std::size_t kMissedFrames = 8;
inline constexpr std::size_t kRingingCalls = 8;
inline constexpr std::size_t kMissedBytes = kMissedCalls * (kCallMessageBytes + 256);

struct SwitchboardOptions {
  UsersOptions users;
  PresenceOptions presence;
  CallsOptions calls;
};

struct SwitchboardCounters {
  std::uint64_t delivered = 0;  ///< receipts, by status
  std::uint64_t offline = 0;
  std::uint64_t refused = 0;
  std::uint64_t errors = 0;  ///< frames that were none
};

/// Whether a session ended with a goodbye or may come back.
enum class Farewell : std::uint8_t { logout, lost };

class Switchboard {
 public:
  Switchboard(const SwitchboardOptions& options, Effects& effects);
  Switchboard(const Switchboard&) = delete;
  Switchboard& operator=(const Switchboard&) = delete;

  // --- Connections -------------------------------------------------------------------------------

  /// Whether sign_in() will find room for the user; counted when not.
  [[nodiscard]] bool has_room(std::string_view id) { return users_.has_room(id); }
  /// `session` speaks for the user from now on and gets the online list, the calls that were missed
  /// and those that ring. False: no room for one more user.
  [[nodiscard]] bool sign_in(SessionId session, std::string_view id, std::string_view name,
                             Moment now);
  void sign_out(SessionId session, Farewell farewell, Moment now);
  [[nodiscard]] bool signed_in(SessionId session) const {
    return users_.user_of(session) != kNoUser;
  }

  // --- What they send ----------------------------------------------------------------------------

  /// An event for another user, from a session that is signed in.
  void relay(const Origin& origin, const TerminalEvent& event, Moment now);
  void heart_check(SessionId session, Moment now);
  /// What came was no frame: its sender is told why.
  void complain(const Origin& origin, const TerminalFault& fault);

  // --- Time --------------------------------------------------------------------------------------

  [[nodiscard]] Instant next_due() const;
  void expire(Moment now);

  // --- For listings and the store ----------------------------------------------------------------

  [[nodiscard]] Users& users() { return users_; }
  [[nodiscard]] const Users& users() const { return users_; }
  [[nodiscard]] Calls& calls() { return calls_; }
  [[nodiscard]] const Calls& calls() const { return calls_; }
  [[nodiscard]] const Presence& presence() const { return presence_; }
  [[nodiscard]] const SwitchboardCounters& counters() const { return counters_; }
  /// Takes a user of the last run in; one that was listed is so until the grace is over.
  void restore_user(std::string_view id, std::string_view name, bool listed, WallTime last_seen,
                    Moment now);

 private:
  /// One frame on its way: who sent it, to whom, and what becomes of it.
  struct Relay {
    const Origin& origin;
    const TerminalEvent& event;
    Moment now;
    UserSlot sender;
    UserSlot receiver;  ///< kNoUser: nobody of this id is known
  };

  // What a frame means for a call; each answers with a receipt.
  void place_call(const Relay& relay);
  [[nodiscard]] CallSlot start_call(const Relay& relay);
  /// Who calls is in no accepted call with that user any more, whatever a page has forgotten.
  void end_earlier_calls(const Relay& relay);
  void accept(const Relay& relay);
  void decline(const Relay& relay);
  void cancel(const Relay& relay);
  void hang_up(const Relay& relay);
  void pass_on(const Relay& relay);

  [[nodiscard]] const ActiveCall* find_ringing(UserSlot caller, UserSlot callee) const;
  /// Which part the sender of a frame has in the call it is about.
  enum class Role : std::uint8_t { caller, callee, any };
  /// The call under way that a frame is about: by its Id, else the newest of these two in which the
  /// sender has that role.
  [[nodiscard]] const ActiveCall* find_call(const Relay& relay, Role role) const;
  /// The same for a call that must ring; nullopt when the frame has been refused.
  [[nodiscard]] std::optional<ActiveCall> ringing_call(const Relay& relay, Role role);
  [[nodiscard]] CallState state_of(const ActiveCall& call) const {
    return calls_.at(call.slot).state;
  }

  /// To how many connections a frame went; nullopt when there was no memory for it.
  [[nodiscard]] std::optional<std::size_t> forward(const Relay& relay, std::string_view id);
  /// Forwards what changed a call and sends the receipt.
  void forward_and_tell(const Relay& relay, std::uint64_t id);
  void tell(const Relay& relay, const Receipt& receipt);
  /// A frame to who sent one, and the same as the acknowledgement of a page.
  void tell(const Origin& origin, std::string_view type_literal, std::string_view json);
  void tell_delivery(const Relay& relay, std::string_view id, std::size_t terminals);
  void refuse(const Relay& relay, std::string_view reason);

  /// An event that the gateway sends in the name of `from`, to the connections of `to` but one.
  struct OwnEvent {
    UserSlot from;
    UserSlot to;
    std::string_view event;
    std::string_view reason;
    SessionId but{};
  };
  /// For want of memory: a terminal that has not heard what became of a call must come back and ask
  /// again, or it rings on.
  void close_all(std::span<const SessionId> sessions);
  void send_own(const ActiveCall& call, const OwnEvent& event, Moment now);
  /// Stops the ringing at the callee's other connections.
  void silence_others(const Relay& relay, const ActiveCall& call, std::string_view reason);

  void gone(UserSlot user, Moment now);
  void end_call_of_gone(const ActiveCall& call, UserSlot gone, Moment now);
  void end_unanswered(CallSlot slot, Moment now);
  /// A cancelled call whose callee had no connection is one that was missed.
  void miss_if_away(const ActiveCall& call);
  void send_missed(UserSlot user, SessionId session, Moment now);
  void send_ringing(UserSlot user, SessionId session);
  [[nodiscard]] std::string_view stored_message(const Call& call) const;

  Effects& effects_;
  Users users_;
  Presence presence_;
  Calls calls_;
  SendTime send_time_;
  NoticeWriter writer_;
  FixedArray<char> missed_text_;
  SwitchboardCounters counters_;
};

}  // namespace bellhop
