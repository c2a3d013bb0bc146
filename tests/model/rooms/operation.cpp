#include "rooms/operation.h"

#include <array>

namespace bellhop::model::rooms {

std::string text_of(const Operation& operation) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "connect", "disconnect", "login",   "logout", "kick",
      "push",    "push_all",   "restore", "drop",   "sync"};
  std::string text(kNames[static_cast<std::size_t>(operation.kind)]);
  if (operation.kind <= Kind::kick) text += " session " + std::to_string(operation.session);
  if (operation.kind >= Kind::login && operation.kind != Kind::push_all &&
      operation.kind <= Kind::restore) {
    text.append(" room '").append(operation.room).append("'");
  }
  if (operation.kind == Kind::login) text.append(" ").append(operation.rule);
  if (operation.acknowledged) text += ", waits for an answer";
  return text + model::text_of(operation.trouble);
}

std::string text_of(const Tables& tables) {
  return std::to_string(tables.rooms) + " rooms, " + std::to_string(tables.memberships) +
         " memberships";
}

}  // namespace bellhop::model::rooms
