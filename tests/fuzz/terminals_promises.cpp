// What must hold of whole terminals: for the two who behave well, of the tables, and at the end.
#include <bitset>

#include "terminals_rig.h"

namespace bellhop::fuzz {
namespace {

constexpr Duration kGrace{5000};

}  // namespace

// --- The two who behave well ---------------------------------------------------------------------

void TerminalsRig::probe() {
  last_probe_ = clock_.now_;
  // Who is found to be gone in a turn changes the list right after it was sent: then once more.
  constexpr Duration kListInterval{100};
  do {
    pass_time(kListInterval);
    settle();
  } while (switchboard_.next_due() <= clock_.now_ + kListInterval);
  check_tables();
  check_lists();
  check_call();
  for (std::uint32_t i = 0; i < kWitnesses; ++i) {
    // The last list stays: there may be no other for long.
    std::erase_if(wire_.line(i).received,
                  [](const std::string& frame) { return !frame.starts_with(R"({"Type":"Chat")"); });
  }
}

/// The newest frame of that Type and Message.Event that has come, or "".
std::string TerminalsRig::take_frame(std::uint32_t witness, std::string_view type,
                                     std::string_view event) {
  const auto& received = wire_.line(witness).received;
  for (auto frame = received.rbegin(); frame != received.rend(); ++frame) {
    if (json_find(*frame, "Type") != type) continue;
    if (event.empty() || json_find(*json_find(*frame, "Message"), "Event") == event) return *frame;
  }
  return "";
}

void TerminalsRig::check_lists() {
  std::string ids;
  for (const UserSlot user : switchboard_.users().listed()) {
    ids += (ids.empty() ? "\"" : ",\"") + std::string(switchboard_.users().id(user)) + "\"";
  }
  for (std::uint32_t i = 0; i < kWitnesses; ++i) {
    const std::string list = take_frame(i, R"("Chat")", "");
    require(!list.empty() && json_find(list, "Message") == "[" + ids + "]",
            "a terminal has the list as it is");
  }
}

void TerminalsRig::check_call() {
  const std::string message =
      R"({"Event":"Call","Data":{"n":)" + std::to_string(++calls_made_) + ".0}}";
  send(0, false, R"({"Type":"Event","Receiver":"w1","SendTime":"","Message":)" + message + "}");
  settle();
  const std::string receipt = take_frame(0, R"("Receipt")", R"("Call")");
  require(!receipt.empty(), "a call has its receipt");
  const std::string_view said = *json_find(receipt, "Message");
  if (json_find(said, "Status") == R"("refused")") {
    require(switchboard_.calls().active().size() == kCallSlots, "only a full table refuses a call");
    return;
  }
  require(json_find(said, "Status") == R"("delivered")" && json_find(said, "Terminals") == "1",
          "a call reaches who is there");
  const std::string event = take_frame(1, R"("Event")", R"("Call")");
  require(!event.empty() && json_find(event, "Message") == message &&
              json_find(event, "Sender") == R"("w0")" &&
              json_find(event, "Id") == json_find(said, "Id"),
          "and is what was sent, by whom it was sent");
  send(0, false, R"({"Type":"Event","Receiver":"w1","Message":{"Event":"Cancel","Data":{}}})");
  settle();
  const std::string cancelled = take_frame(1, R"("Event")", R"("Cancel")");
  require(json_find(cancelled, "Id") == json_find(said, "Id"), "so is its end");
}

// --- What must hold always -----------------------------------------------------------------------

void TerminalsRig::check_frames() {
  std::bitset<64> held;
  std::size_t alive = 0;
  for (std::size_t i = 0; i < control_frames_; ++i) held.set(i);  // allocated before all others
  for (std::uint32_t i = 0; i < TerminalsWire::kLines; ++i) {
    const SessionId session = sessions_.at(i);
    if (!session) continue;
    ++alive;
    const Outbox& outbox = sessions_.outbox(session);
    for (std::size_t at = 0; at < outbox.size(); ++at) held.set(outbox.at(at));
  }
  const std::size_t in_use = frames_.small_gauge().in_use + frames_.large_gauge().in_use;
  require(in_use == held.count(), "every frame in use is in a queue");
  require(sessions_.gauge().in_use == alive, "the gauge counts the living");
}

void TerminalsRig::check_tables() {
  Users& users = switchboard_.users();
  std::size_t known = 0;
  std::size_t connected = 0;
  for (UserSlot slot = 0; slot < users.capacity(); ++slot) {
    const UserView user = users.view(slot);
    if (user.id.empty()) continue;
    ++known;
    connected += user.terminals;
    require(users.find(user.id) == slot, "a user is found by its id");
    require(user.terminals == 0 || user.listed, "who is connected is listed");
    const auto there = last_there_.find(user.id);
    const bool lately = there != last_there_.end() && clock_.now_ - there->second < kGrace;
    require(!user.listed || user.terminals > 0 || lately, "who has gone is not listed for long");
  }
  require(users.gauge().in_use == known, "the gauge counts the known users");
  require(users.everyone().size() == connected, "every terminal has its user");
  for (const SessionId session : users.everyone()) {
    require(sessions_.alive(session) && users.user_of(session) != kNoUser, "and is alive");
  }
  for (const ActiveCall& call : switchboard_.calls().active()) {
    require(users.view(call.caller).listed && users.view(call.callee).listed,
            "calls under way are between users who are there");
  }
}

void TerminalsRig::finish() {
  for (std::uint32_t i = 0; i < TerminalsWire::kLines; ++i) {
    wire_.line(i).keeps = false;
    connection_ends(i, static_cast<std::uint8_t>(i));
  }
  settle();
  pass_time(kGrace);
  settle();
  pass_time(Duration(100));
  check_tables();
  const Users& users = switchboard_.users();
  require(sessions_.gauge().in_use == 0, "every session has ended");
  require(frames_.small_gauge().in_use == control_frames_ && frames_.large_gauge().in_use == 0,
          "every frame is given back");
  require(users.listed().empty() && users.everyone().empty(), "nobody is online");
  require(switchboard_.calls().active().empty() && gateway_.connected_count() == 0,
          "calls and pages have ended");
  const Instant due = std::min(
      {engine_.next_due(), socketio_.next_due(), terminals_.next_due(), switchboard_.next_due()});
  require(due == kNever, "no deadline is left");
}

}  // namespace bellhop::fuzz
