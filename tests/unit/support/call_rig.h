#pragma once
// The switchboard with time as a number. What it did is told in short lines, one an effect:
//   notify 2 event 1>2 #100 {"Event":"Call","Data":{}}      latest 1,2 list "1","2"
//   notify 1 receipt #100 "Call" 2 delivered 1              notify 1 receipt #7 "Accept" 2 refused:
//   ... notify 2 missed [...]      notify 1 error code: reason      notify 1 heartbeat      close 2
// Knows no test framework.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/switchboard.h"
#include "protocol/json.h"
#include "support/recording_effects.h"

namespace bellhop {

/// The text of a member, without the quotes of a string; "-" when it is not there.
inline std::string member(std::string_view object, std::string_view name) {
  const auto value = json_find(object, name);
  if (!value) return "-";
  return std::string(value->starts_with('"') ? value->substr(1, value->size() - 2) : *value);
}

/// A notice in short; "broken JSON" when it is none.
inline std::string shortened(std::string_view json) {
  if (json_check(json, 32)) return "broken JSON " + std::string(json);
  const std::string type = member(json, "Type");
  const std::string message = member(json, "Message");
  if (type == "Event") {
    return "event " + member(json, "Sender") + ">" + member(json, "Receiver") + " #" +
           member(json, "Id") + " " + message;
  }
  if (type == "Receipt") {
    const bool refused = json_find(message, "Reason").has_value();
    return "receipt #" + member(message, "Id") + " " + member(message, "Event") + " " +
           member(message, "Receiver") + " " + member(message, "Status") +
           (refused ? ": " + member(message, "Reason") : " " + member(message, "Terminals"));
  }
  if (type == "Chat") return "list " + message.substr(1, message.size() - 2);
  if (type == "Missed") return "missed " + message;
  if (type == "Error") return "error " + member(message, "Code") + ": " + member(message, "Reason");
  return type == "Heartbeat" ? "heartbeat" : "unknown " + std::string(json);
}

class CallRig {
 public:
  static constexpr std::size_t kUsers = 5;
  static SwitchboardOptions defaults() {
    return {.users = {.users = kUsers, .sessions = 40},
            .presence = {},
            .calls = {.calls = 20, .first_id = 100}};
  }
  explicit CallRig(const SwitchboardOptions& options = defaults()) : board(options, effects) {}

  [[nodiscard]] static SessionId session(std::uint32_t index) { return {index, 1}; }
  [[nodiscard]] Moment moment() const {
    return {Instant{Duration{now_ms}}, WallTime{Duration{wall_ms}}};
  }

  bool in(std::uint32_t index, std::string_view user) {
    return board.sign_in(session(index), user, "", moment());
  }
  void out(std::uint32_t index, Farewell farewell = Farewell::lost) {
    board.sign_out(session(index), farewell, moment());
  }
  /// Users 1 and 2 with sessions 1 and 2, everybody told of everybody.
  void two() {
    in(1, "1");
    in(2, "2");
    settle();
  }
  /// Lists that are due go out, unread, and the next may go at once.
  void settle() {
    pass(1000);
    pass(1000);
    effects.take();
  }
  std::string pass(std::int64_t ms) {
    now_ms += ms;
    wall_ms += ms;
    board.expire(moment());
    return take();
  }

  /// A frame from `index`, and all that comes of it.
  std::string say(std::uint32_t index, std::string_view receiver, std::string_view event,
                  std::optional<std::uint64_t> id = std::nullopt) {
    std::string json = R"({"Type":"Event","Receiver":")" + std::string(receiver) + "\"";
    if (id) json += R"(,"Id":")" + std::to_string(*id) + "\"";
    return frame(index,
                 json + R"(,"Message":{"Event":")" + std::string(event) + R"(","Data":{}}})");
  }
  std::string frame(std::uint32_t index, std::string_view json,
                    std::optional<std::uint64_t> ack = std::nullopt) {
    TerminalScratch scratch{};
    TerminalEvent event;
    if (const auto fault = terminal_parse(json, 16, event, scratch)) {
      return "bad frame: " + std::string(fault->reason);
    }
    board.relay({session(index), ack}, event, moment());
    return take();
  }

  /// The effects since the last call, one line each.
  std::string take() {
    std::string all;
    for (const std::string& line : effects.lines) {
      const std::size_t json = line.find('{');
      const bool notice = json != line.npos && !line.starts_with("ack ");
      all.append(all.empty() ? "" : "\n");
      all.append(notice ? line.substr(0, json) + shortened(line.substr(json)) : line);
    }
    effects.take();
    return all;
  }

  /// `state end` of the call with this id; "none".
  [[nodiscard]] std::string call(std::uint64_t id) const {
    for (CallSlot slot = 0; slot < board.calls().capacity(); ++slot) {
      const Call& call = board.calls().at(slot);
      if (call.state == CallState::free || call.id != id) continue;
      std::string text(call_state_name(call.state));
      if (call.end != CallEnd::none) text.append(" ").append(call_end_name(call.end));
      return text + (call.missed ? " missed" : "");
    }
    return "none";
  }

  RecordingEffects effects;
  Switchboard board;
  std::int64_t now_ms = 0;
  std::int64_t wall_ms = 1596702742322;
};

}  // namespace bellhop
