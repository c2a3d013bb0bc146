#include "operation.h"

#include <array>

namespace bellhop::model {

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
  if (operation.no_memory) text += ", no memory";
  if (operation.deaf_session != 0xffffffff) {
    text += ", session " + std::to_string(operation.deaf_session) + " is deaf";
  }
  return text;
}

}  // namespace bellhop::model
