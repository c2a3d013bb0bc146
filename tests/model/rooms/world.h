#pragma once
// The gateway and the naive model side by side: each operation is done to both, and everything
// that can be seen is compared.
#include <optional>
#include <string>
#include <vector>

#include "effects.h"
#include "gateway/gateway.h"
#include "rooms/naive.h"
#include "rooms/operation.h"

namespace bellhop::model::rooms {

class World {
 public:
  using Operation = rooms::Operation;
  using Tables = rooms::Tables;

  explicit World(const Tables& tables);

  /// Does the operation, unless it is impossible (a page that is not connected does nothing).
  /// With `compare`: what differs between gateway and model, or nullopt.
  [[nodiscard]] std::optional<std::string> apply(const Operation& operation, bool compare);

 private:
  [[nodiscard]] bool possible(const Operation& operation) const;
  void apply_to_gateway(const Operation& operation, SessionId session);
  [[nodiscard]] std::optional<std::string> compare_effects(const Operation& operation);
  [[nodiscard]] std::optional<std::string> compare_numbers() const;
  [[nodiscard]] std::optional<std::string> compare_rooms();
  [[nodiscard]] std::optional<std::string> compare_store();

  /// Generations of the sessions, odd while one is connected.
  std::vector<std::uint32_t> lives_;
  std::int64_t now_ms_ = 0;
  EffectList effects_;
  Gateway gateway_;
  Naive naive_;
  PushResult last_push_;

  // What a store would hold, kept by the changes the rooms report.
  struct RoomRow {
    std::string name;
    std::int64_t created = 0;
    friend bool operator==(const RoomRow&, const RoomRow&) = default;
  };
  struct MemberRow {
    std::uint32_t room = 0;
    SessionId session;
    EntryRule rule = EntryRule::first;
    std::int64_t since = 0;
    friend bool operator==(const MemberRow&, const MemberRow&) = default;
  };
  [[nodiscard]] RoomRow room_row(std::uint32_t slot) const;
  [[nodiscard]] MemberRow member_row(std::uint32_t slot) const;
  std::vector<RoomRow> stored_rooms_;
  std::vector<MemberRow> stored_members_;
};

}  // namespace bellhop::model::rooms
