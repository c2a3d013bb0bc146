#pragma once
// The rules of contract section 3 written down as plainly as can be: lists, no slots, no links, no
// hashes. Slow and obviously right; what the switchboard does is compared with it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "effects.h"
#include "gateway/switchboard.h"
#include "switchboard/operation.h"

namespace bellhop::model::switchboard {

/// Both clocks, in milliseconds.
struct Now {
  std::int64_t ms = 0;
  std::int64_t wall = 0;
};

struct NaiveUser {
  std::string id;
  std::string name;
  std::int64_t last_seen = 0;
};

struct NaiveTerminal {
  SessionId session;
  std::string user;
  std::optional<std::uint64_t> has_list;  ///< which one it was sent
};

struct NaiveCall {
  std::uint64_t id = 0;
  std::string caller;
  std::string callee;
  CallState state = CallState::ringing;
  CallEnd end = CallEnd::none;
  bool missed = false;
  std::int64_t started = 0;
  std::int64_t accepted = 0;
  std::int64_t ended = 0;
  std::string message;
  friend bool operator==(const NaiveCall&, const NaiveCall&) = default;
};

/// Something that will be due, in the order in which it was put off.
template <class What>
struct Due {
  What what{};
  std::int64_t at = 0;
};

/// A frame as the rules see it.
struct NaiveFrame {
  const Operation& operation;
  SessionId session;
  std::string sender;               ///< its connection's user
  std::string receiver;             ///< as the frame says
  std::optional<std::uint64_t> id;  ///< likewise
  std::string message;              ///< as others get it
  Now now;
};

class Naive {
 public:
  explicit Naive(const Tables& tables) : tables_(tables) {}

  /// Does the operation on behalf of `session`; `effects` holds what came of it.
  void apply(const Operation& operation, SessionId session, Now now);
  /// The Id that a frame has by `id_back`.
  [[nodiscard]] std::optional<std::uint64_t> id_of(const Operation& operation) const;
  [[nodiscard]] bool signed_in(SessionId session) const { return !user_of(session).empty(); }
  [[nodiscard]] std::size_t terminals_of(std::string_view user) const;
  [[nodiscard]] bool online(std::string_view user) const;
  /// When something is due next; nullopt: never.
  [[nodiscard]] std::optional<std::int64_t> next_due() const;

  std::vector<Effect> effects;
  bool had_room = false;  ///< for the user of the last sign_in
  std::vector<NaiveUser> users;
  std::vector<NaiveTerminal> terminals;  ///< in the order in which they came
  std::vector<std::string> list;         ///< of those online, in the order in which they came
  std::vector<NaiveCall> calls;          ///< the next one to give way first
  SwitchboardCounters counters;
  PresenceCounters list_counters;
  std::uint64_t ended[kCallEnds] = {};
  std::uint64_t user_refusals = 0;
  std::uint64_t call_refusals = 0;
  std::size_t most_users = 0;
  std::size_t most_calls = 0;

  static std::string time_literal(std::int64_t wall);
  static std::string message_of(const Operation& operation);

 private:
  // Users and connections.
  [[nodiscard]] NaiveUser* find_user(std::string_view id);
  [[nodiscard]] std::string user_of(SessionId session) const;
  [[nodiscard]] bool make_room(std::string_view id, bool only_look);
  [[nodiscard]] std::vector<SessionId> sessions_of(std::string_view user, SessionId but = {}) const;
  void sign_in(const Operation& operation, SessionId session, Now now);
  void sign_out(SessionId session, bool goodbye, Now now);
  void gone(const std::string& user, Now now);
  void restore_user(const Operation& operation, Now now);

  // The list.
  void list_changed(Now now);
  void send_list_to_all(Now now);
  bool send_list(const std::vector<SessionId>& to, Now now);

  // Frames.
  void relay(const Operation& operation, SessionId session, Now now);
  void call(const NaiveFrame& frame);
  void answer(const NaiveFrame& frame, bool accepted);
  void cancel(const NaiveFrame& frame);
  void hang_up(const NaiveFrame& frame);
  [[nodiscard]] NaiveCall* find_call(const NaiveFrame& frame, bool as_caller, bool as_callee);
  /// The same for one that must ring and of which the sender is the one or the other.
  [[nodiscard]] NaiveCall* ringing_call(const NaiveFrame& frame, bool as_caller);

  // Calls.
  /// False, counted, when the table is full of calls under way.
  [[nodiscard]] bool room_for_a_call();
  [[nodiscard]] NaiveCall* new_call(const NaiveFrame& frame);
  void ring(std::uint64_t id, Now now);
  void accept(NaiveCall& call, Now now);
  void end(NaiveCall& call, CallEnd how, Now now);
  void not_answered(std::uint64_t id, Now now);
  void send_missed(const std::string& user, SessionId session, Now now);
  void send_ringing(const std::string& user, SessionId session);
  void restore_call(const Operation& operation, Now now);

  // What goes out. notify() tells for how many it was queued, nullopt when there was no memory.
  std::optional<std::size_t> notify(const std::vector<SessionId>& to, const std::string& type,
                                    const std::string& json, bool latest = false);
  std::size_t forward(const NaiveFrame& frame, std::uint64_t id);
  void tell_of_change(const NaiveFrame& frame, std::uint64_t id);
  void receipt(const NaiveFrame& frame, std::uint64_t id, std::size_t terminals);
  void refuse(const NaiveFrame& frame, const std::string& reason);
  void tell(const Operation& operation, SessionId session, const std::string& type,
            const std::string& json);
  /// The gateway's own word about a call, from one of its two to the other.
  void own_event(const NaiveCall& call, bool from_caller, const std::string& event,
                 const std::string& reason, Now now, SessionId but = {});

  Tables tables_;
  Trouble trouble_;
  std::vector<Due<std::string>> leaving_;    ///< users without connections
  std::vector<Due<std::uint64_t>> ringing_;  ///< calls
  std::uint64_t list_number_ = 0;            ///< counts its changes
  bool list_due_ = false;
  std::int64_t list_allowed_ = 0;
  std::uint64_t next_id_ = 1;
};

}  // namespace bellhop::model::switchboard
