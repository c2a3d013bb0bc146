#pragma once
// The switchboard and the naive model side by side: each operation is done to both, and everything
// that can be seen is compared.
#include <optional>
#include <string>
#include <vector>

#include "effects.h"
#include "gateway/switchboard.h"
#include "switchboard/naive.h"
#include "switchboard/operation.h"

namespace bellhop::model::switchboard {

class World {
 public:
  using Operation = switchboard::Operation;
  using Tables = switchboard::Tables;

  explicit World(const Tables& tables);

  /// Does the operation, unless it is impossible (who is not signed in sends no frames). With
  /// `compare`: what differs between switchboard and model, or nullopt.
  [[nodiscard]] std::optional<std::string> apply(const Operation& operation, bool compare);

 private:
  [[nodiscard]] bool possible(const Operation& operation, SessionId session) const;
  void apply_to_switchboard(const Operation& operation, SessionId session);
  void sign_in(const Operation& operation, SessionId session);
  void relay(const Operation& operation, SessionId session);
  void restore_call(const Operation& operation);
  [[nodiscard]] Moment moment() const;

  [[nodiscard]] std::optional<std::string> compare_effects(const Operation& operation);
  [[nodiscard]] std::optional<std::string> compare_numbers() const;
  [[nodiscard]] std::optional<std::string> compare_users();
  [[nodiscard]] std::optional<std::string> compare_calls() const;
  [[nodiscard]] std::optional<std::string> compare_store();

  /// Generations of the sessions, odd while one is connected.
  std::vector<std::uint32_t> lives_;
  Now now_{1'000'000, 1'700'000'000'000};
  EffectList effects_;
  Switchboard switchboard_;
  Naive naive_;
  bool had_room_ = false;
  bool signed_in_ = false;

  // What a store would hold, kept by the changes that are reported.
  struct UserRow {
    std::string id;
    std::string name;
    bool listed = false;
    std::int64_t last_seen = 0;
    friend bool operator==(const UserRow&, const UserRow&) = default;
  };
  [[nodiscard]] UserRow user_row(UserSlot slot) const;
  [[nodiscard]] NaiveCall call_row(CallSlot slot) const;
  std::vector<UserRow> stored_users_;
  std::vector<NaiveCall> stored_calls_;
};

}  // namespace bellhop::model::switchboard
