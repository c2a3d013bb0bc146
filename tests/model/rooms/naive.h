#pragma once
// The rules of contract section 2 written down as plainly as can be: lists, no slots, no links,
// no hashes. Slow and obviously right; what the gateway does is compared with it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "effects.h"
#include "gateway/gateway.h"
#include "rooms/operation.h"

namespace bellhop::model::rooms {

struct NaiveMember {
  SessionId session;
  std::string rule;
  std::int64_t since = 0;
  friend bool operator==(const NaiveMember&, const NaiveMember&) = default;
};

struct NaiveRoom {
  std::string name;
  std::int64_t created = 0;
  std::size_t held_before = 0;
  std::vector<NaiveMember> members;
  friend bool operator==(const NaiveRoom&, const NaiveRoom&) = default;
};

class Naive {
 public:
  explicit Naive(const Tables& tables) : tables_(tables) {}

  /// Does the operation on behalf of `session`, at `now`; `effects` holds what came of it.
  void apply(const Operation& operation, SessionId session, std::int64_t now);

  [[nodiscard]] const NaiveRoom* find(std::string_view name) const;
  [[nodiscard]] std::size_t members() const;

  std::vector<Effect> effects;
  PushResult last_push;
  std::vector<NaiveRoom> rooms;
  std::vector<SessionId> everyone;
  GatewayCounters counters;
  std::uint64_t room_refusals = 0;
  std::uint64_t member_refusals = 0;
  std::size_t most_rooms = 0;
  std::size_t most_members = 0;

 private:
  [[nodiscard]] NaiveRoom* find(std::string_view name);
  void leave(std::string_view name, SessionId session);
  void login(const Operation& operation, SessionId session, std::int64_t now);
  void logout(const Operation& operation, SessionId session);
  void kick(const Operation& operation, SessionId session);
  void enter(const Operation& operation, SessionId session, std::int64_t now);
  void push(const Operation& operation, const std::vector<SessionId>& audience);
  void restore(const Operation& operation, std::int64_t now);
  void tell(const Operation& operation, const std::vector<SessionId>& to, const std::string& code,
            const std::string& message);
  void answer(const Operation& operation, SessionId session, const std::string& code,
              const std::string& message);

  Tables tables_;
  std::uint64_t next_push_id_ = 1;
};

}  // namespace bellhop::model::rooms
