#include "protocol/terminal.h"

#include <charconv>
#include <span>

#include "protocol/json.h"
#include "protocol/json_scan.h"

namespace bellhop {
namespace {

using Fault = std::optional<TerminalFault>;

Fault wrong_type(std::string_view reason) {
  return TerminalFault{"wrong_type", reason, {}};
}

/// The members of a frame as they stand there; absent ones are empty.
struct RawFrame {
  std::string_view type;
  std::string_view sender;
  std::string_view receiver;
  std::string_view send_time;
  std::string_view id;
  std::string_view message;
};

RawFrame read_members(std::string_view object) {
  RawFrame raw;
  struct Known {
    std::string_view name;
    std::string_view* value;
  };
  const Known known[] = {
      {"Type", &raw.type},          {"Sender", &raw.sender}, {"Receiver", &raw.receiver},
      {"SendTime", &raw.send_time}, {"Id", &raw.id},         {"Message", &raw.message}};
  JsonMembers members(object);
  JsonMember member;
  while (members.next(member)) {
    for (const Known& candidate : known) {
      if (json_scan::literal_is(member.key, candidate.name)) *candidate.value = member.value;
    }
  }
  return raw;
}

bool absent(std::string_view value) {
  return value.empty() || value == "null" || value == R"("")";
}

/// A string, or a whole number by its digits; nullopt for anything else or anything longer.
std::optional<std::string_view> read_id(std::string_view value, std::span<char> scratch) {
  switch (json_type(value)) {
    case JsonType::number:
      if (value.size() > kUserIdBytes || value.find_first_of(".eE") != value.npos) {
        return std::nullopt;
      }
      return value;
    case JsonType::string: {
      const auto text = json_decode_string(value, scratch);
      return text && text->size() <= kUserIdBytes ? text : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

/// Ids of calls are numbers of 64 bits, written as strings: JavaScript's numbers end at 2^53.
Fault read_call_id(std::string_view value, std::optional<std::uint64_t>& id) {
  if (absent(value)) return std::nullopt;
  if (json_type(value) == JsonType::string) value = value.substr(1, value.size() - 2);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) {
    return wrong_type("Id is not the id of a call");
  }
  id = number;
  return std::nullopt;
}

Fault read_message(std::string_view message, TerminalEvent& event, TerminalScratch& scratch) {
  if (absent(message) || json_type(message) != JsonType::object) {
    return wrong_type("Message is not an object");
  }
  event.message = message;
  JsonMembers members(message);
  JsonMember member;
  while (members.next(member)) {
    if (json_scan::literal_is(member.key, "Event")) event.event_literal = member.value;
    if (json_scan::literal_is(member.key, "Data")) event.has_data = member.value != "null";
  }
  if (absent(event.event_literal) || json_type(event.event_literal) != JsonType::string) {
    return wrong_type("Message.Event is not a string with something in it");
  }
  const auto name = json_decode_string(event.event_literal, scratch.event);
  if (!name || name->size() > kEventNameBytes) {
    return wrong_type("Message.Event is longer than 64 bytes");
  }
  event.event = *name;
  return std::nullopt;
}

Fault read_addresses(const RawFrame& raw, TerminalEvent& event, TerminalScratch& scratch) {
  if (!absent(raw.sender)) {
    event.sender = read_id(raw.sender, scratch.sender);
    if (!event.sender) return wrong_type("Sender is no user id");
  }
  const auto receiver =
      absent(raw.receiver) ? std::nullopt : read_id(raw.receiver, scratch.receiver);
  if (!receiver || !user_id_fault(*receiver).empty()) {
    return wrong_type("Receiver is no user id");
  }
  event.receiver = *receiver;
  if (absent(raw.send_time)) return std::nullopt;
  if (json_type(raw.send_time) != JsonType::string) return wrong_type("SendTime is not a string");
  event.send_time_literal = raw.send_time;
  return std::nullopt;
}

}  // namespace

std::optional<TerminalFault> terminal_parse(std::string_view text, unsigned max_depth,
                                            TerminalEvent& event, TerminalScratch& scratch) {
  if (const auto error = json_check(text, max_depth)) {
    return TerminalFault{"malformed", error->reason, error->offset};
  }
  text = json_trim(text);
  if (json_type(text) != JsonType::object) {
    return TerminalFault{"malformed", "the frame is not a JSON object", {}};
  }
  const RawFrame raw = read_members(text);
  if (absent(raw.type)) return TerminalFault{"no_type", "Type is missing", {}};
  if (json_type(raw.type) != JsonType::string) return wrong_type("Type is not a string");
  if (!json_scan::literal_is(raw.type, "Event")) {
    return TerminalFault{"unknown_type", "Type is not Event", {}};
  }
  event = {};
  if (auto fault = read_addresses(raw, event, scratch)) return fault;
  if (auto fault = read_call_id(raw.id, event.id)) return fault;
  return read_message(raw.message, event, scratch);
}

std::array<std::string_view, 2> terminal_message(const TerminalEvent& event) {
  if (event.has_data) return {event.message, ""};
  // The object has Event at least, so a comma is always right.
  return {event.message.substr(0, event.message.size() - 1), R"(,"Data":{}})"};
}

}  // namespace bellhop
