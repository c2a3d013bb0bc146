#pragma once
// One step of a story: what a page or a back end does, with everything that makes it repeatable.
#include <cstdint>
#include <string>
#include <string_view>

#include "effects.h"

namespace bellhop::model::rooms {

enum class Kind : std::uint8_t {
  connect,
  disconnect,
  login,
  logout,
  kick,      ///< of a page, by the administrator
  push,      ///< to a room
  push_all,  ///< to everyone
  restore,   ///< a room of an earlier run
  drop,      ///< the rooms nobody has claimed
  sync,      ///< the store takes what has changed
};

struct Operation {
  Kind kind = Kind::sync;
  std::uint32_t session = 0;  ///< of connect to kick
  std::string_view room;      ///< of login to restore
  std::string_view rule;      ///< of login
  bool acknowledged = false;  ///< the page waits for an answer
  Trouble trouble;
};

struct Tables {
  std::size_t rooms = 0;
  std::size_t memberships = 0;
  std::size_t sessions = 0;
};

[[nodiscard]] std::string text_of(const Operation& operation);
[[nodiscard]] std::string text_of(const Tables& tables);

}  // namespace bellhop::model::rooms
