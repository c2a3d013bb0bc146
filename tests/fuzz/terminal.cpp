// Frames of call terminals: what is taken gives a frame that says the same when it is read again.
#include <algorithm>
#include <string>

#include "fuzz.h"
#include "protocol/json.h"
#include "protocol/terminal.h"

using namespace bellhop;
using fuzz::inside;
using fuzz::require;

namespace {

constexpr unsigned kDepth = 16;

template <std::size_t kSize>
bool in_array(const std::array<char, kSize>& array, std::string_view part) {
  return inside({array.data(), array.size()}, part);
}

void check_views(std::string_view text, const TerminalEvent& event,
                 const TerminalScratch& scratch) {
  const bool sender =
      !event.sender || inside(text, *event.sender) || in_array(scratch.sender, *event.sender);
  require(sender, "the sender points into the text or the scratch memory");
  require(inside(text, event.receiver) || in_array(scratch.receiver, event.receiver),
          "so does the receiver");
  require(inside(text, event.event) || in_array(scratch.event, event.event), "and the event");
  require(inside(text, event.event_literal) && inside(text, event.send_time_literal) &&
              inside(text, event.message),
          "literals point into the text");
  require(user_id_fault(event.receiver).empty(), "the receiver can be a user");
  require(!event.event.empty() && event.event.size() <= kEventNameBytes, "the event's length");
}

/// As the gateway passes it on, in the name of the receiver: only ids it knows are written.
std::string passed_on(const TerminalEvent& event) {
  const auto message = terminal_message(event);
  std::string frame = R"({"Sender":")" + std::string(event.receiver) + R"(","Receiver":")" +
                      std::string(event.receiver) + R"(","SendTime":)";
  frame.append(event.send_time_literal.empty() ? R"("")" : event.send_time_literal);
  frame.append(R"(,"Type":"Event","Id":")").append(std::to_string(event.id.value_or(7)));
  frame.append(R"(","Message":)").append(message[0]).append(message[1]).append("}");
  return frame;
}

void check_again(const TerminalEvent& event) {
  const std::string frame = passed_on(event);
  TerminalEvent again;
  TerminalScratch scratch;
  require(!terminal_parse(frame, kDepth, again, scratch), "a frame passed on is a frame");
  require(again.sender == event.receiver && again.receiver == event.receiver, "the same users");
  require(again.send_time_literal == event.send_time_literal, "the same SendTime");
  require(again.id == event.id.value_or(7), "the same Id");
  require(again.event == event.event && again.event_literal == event.event_literal,
          "the same event");
  require(again.has_data, "what is passed on has Data");
  require(!event.has_data || again.message == event.message, "the same Message, byte for byte");
  const auto data = json_find(again.message, "Data");
  require(data && json_type(*data) != JsonType::null, "Message.Data.type can be read");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  TerminalEvent event;
  TerminalScratch scratch;
  if (const auto fault = terminal_parse(text, kDepth, event, scratch)) {
    require(!fault->code.empty() && !fault->reason.empty(), "a fault is explained");
    require(!fault->offset || *fault->offset <= size, "and lies in the text");
    return 0;
  }
  check_views(text, event, scratch);
  check_again(event);
  return 0;
}
