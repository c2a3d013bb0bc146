#include "switchboard/operation.h"

#include <array>

namespace bellhop::model::switchboard {
namespace {

std::string relay_text(const Operation& operation) {
  static constexpr std::array<std::string_view, 4> kBodies = {"", ", no Data", ", 1024 bytes",
                                                              ", 1025 bytes"};
  std::string text = ": " + std::string(operation.event) + " for '" + std::string(operation.user);
  text += "'";
  if (!operation.sender.empty()) text += ", Sender '" + std::string(operation.sender) + "'";
  if (operation.id_back > 0) text += ", Id the last but " + std::to_string(operation.id_back - 1);
  if (operation.own_time) text += ", own SendTime";
  return text.append(kBodies[static_cast<std::size_t>(operation.body)]);
}

std::string restored_text(const Operation& operation) {
  static constexpr std::array<std::string_view, 4> kStates = {"ringing", "accepted", "missed",
                                                              "hung up"};
  std::string text = " '" + std::string(operation.user) + "'";
  if (operation.kind == Kind::restore_user) return text + (operation.listed ? ", listed" : "");
  text += " called by '" + std::string(operation.sender) + "', ";
  return text.append(kStates[operation.state]);
}

}  // namespace

std::string text_of(const Operation& operation) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "sign_in",  "sign_out", "lose",         "relay",        "heart_check",
      "complain", "wait",     "restore_user", "restore_call", "sync"};
  std::string text(kNames[static_cast<std::size_t>(operation.kind)]);
  if (operation.kind <= Kind::complain) text += " session " + std::to_string(operation.session);
  if (operation.kind == Kind::sign_in) text += " as '" + std::string(operation.user) + "'";
  if (!operation.name.empty()) text += " named '" + std::string(operation.name) + "'";
  if (operation.kind == Kind::relay) text += relay_text(operation);
  if (operation.kind == Kind::wait) text += " " + std::to_string(operation.ms) + " ms";
  if (operation.kind == Kind::restore_user || operation.kind == Kind::restore_call) {
    text += restored_text(operation);
  }
  if (operation.acknowledged) text += ", waits for an answer";
  return text + model::text_of(operation.trouble);
}

std::string text_of(const Tables& tables) {
  return std::to_string(tables.users) + " users, " + std::to_string(tables.sessions) +
         " sessions, " + std::to_string(tables.calls) + " calls, " +
         std::to_string(tables.list_bytes_per_second) + " bytes/s of lists";
}

}  // namespace bellhop::model::switchboard
