// What anybody may do, and turns; what must hold is in terminals_promises.cpp.
#include "terminals_rig.h"
#include "terminals_said.h"

namespace bellhop::fuzz {
namespace {

constexpr std::size_t kMaxMessage = 600;

constexpr std::string_view kWitness[] = {"w0", "w1"};
// "bad" is no token; the last user's id is as long as one may be.
constexpr std::string_view kTokens[] = {"0", "1", "2", "long", "bad", ""};
constexpr std::string_view kLongId =
    "0123456789012345678901234567890123456789012345678901234567890123";

/// One frame in 16 is bytes of the input.
constexpr std::size_t kOwnFrom = 240;

std::uint32_t ids_given = 0;

/// Ids are the same whenever an input is played again.
void counted_bytes(std::span<char> out) {
  ++ids_given;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<char>(ids_given >> (8 * (i % 4)));
  }
}

EngineIoOptions engine_options() {
  EngineIoOptions options;
  options.max_payload_bytes = kMaxMessage;
  options.random = counted_bytes;
  return options;
}

SocketIoOptions socketio_options() {
  static constexpr std::string_view kNamespaces[] = {"/"};
  SocketIoOptions options;
  options.namespaces = kNamespaces;
  options.max_message_bytes = kMaxMessage;
  options.messages_per_10s = 30;
  options.random = counted_bytes;
  return options;
}

}  // namespace

SwitchboardOptions TerminalsRig::switchboard_options() {
  SwitchboardOptions options;
  options.users = {.users = 5, .sessions = TerminalsWire::kLines};
  options.calls.calls = kCallSlots;
  return options;
}

TerminalsRig::TerminalsRig()
    : frames_({.small_frames = 14, .small_bytes = 200, .large_frames = 4, .large_bytes = 9000}),
      sessions_({.sessions = TerminalsWire::kLines, .queue_messages = 6, .queue_bytes = 3000},
                frames_),
      assemblies_(2, kMaxMessage),
      bearers_(authority_, sessions_, clock_),
      socketio_(socketio_options(), sessions_, assemblies_, pages_),
      engine_(engine_options(), sessions_, wire_, socketio_),
      fanout_(sessions_, socketio_, engine_),
      gateway_({.rooms = {.rooms = 2, .memberships = 4, .sessions = TerminalsWire::kLines}},
               fanout_),
      switchboard_(switchboard_options(), fanout_),
      pages_(gateway_, switchboard_, bearers_, sessions_, clock_, 16),
      terminal_adapter_(switchboard_, bearers_, sessions_, clock_, 16),
      terminals_({.ping_interval = Duration(2500), .messages_per_10s = 30}, sessions_, wire_,
                 terminal_adapter_) {
  ids_given = 0;
  socketio_.attach(engine_);
  for (const std::string_view user : kWitness) authority_.add(user, user);
  for (const std::string_view user : {"0", "1", "2"}) authority_.add(user, user, "甲");
  authority_.add("long", kLongId);
  control_frames_ = frames_.small_gauge().in_use;
  for (std::uint32_t i = 0; i < kWitnesses; ++i) {
    Line& line = wire_.line(i);
    const auto decision = terminals_.upgrade({{}, kWitness[i], wire_.id(i)}, clock_.now_);
    require(decision.verdict == UpgradeVerdict::accept, "there is room for the first");
    line.endpoint = &terminals_;
    line.session = decision.session;
    line.user = kWitness[i];
    line.keeps = true;
    line.open = true;
    terminals_.websocket_open(line.session, wire_.id(i), clock_.now_);
  }
  settle();
}

void TerminalsRig::play(Script& script) {
  while (!script.done()) {
    step(script);
    settle();
    if (clock_.now_ - last_probe_ >= Duration(1000)) probe();
  }
  probe();
  finish();
}

// --- What anybody may do -------------------------------------------------------------------------

void TerminalsRig::step(Script& script) {
  const std::uint8_t action = script.byte();
  const std::uint8_t choice = script.byte();
  const std::uint32_t number = kWitnesses + choice % (TerminalsWire::kLines - kWitnesses);
  static constexpr std::int64_t kSteps[] = {0,   0,   1,   10,  50,  50,   100,  100,
                                            100, 200, 400, 400, 900, 1000, 5000, 30000};
  switch (action % 16) {
    case 0:
      return upgrade(number, script.byte(), false);
    case 1:
      return upgrade(number, script.byte(), true);
    case 2:
      return choice < 128 ? connection_ends(number, script.byte()) : say(number, script);
    case 3:
      return choke(number);
    case 4:
      return pong(number);
    case 5:
      return choice < 16 ? revoke(number) : too_big(number);
    case 6:
    case 7:
      return pass_time(Duration(kSteps[choice % std::size(kSteps)]));
    default:
      return say(number, script);
  }
}

void TerminalsRig::upgrade(std::uint32_t number, std::uint8_t token, bool page) {
  Line& line = wire_.line(number);
  if (line.endpoint != nullptr) {
    if (line.open) return;
    line.open = true;
    return line.endpoint->websocket_open(line.session, wire_.id(number), clock_.now_);
  }
  WebSocketEndpoint& endpoint =
      page ? static_cast<WebSocketEndpoint&>(engine_) : static_cast<WebSocketEndpoint&>(terminals_);
  const std::string_view shown = kTokens[token % std::size(kTokens)];
  const EngineIoQuery query = {
      (token & 8) != 0 ? "3" : "4", "websocket", "", "", page ? shown : "", false};
  const auto decision = endpoint.upgrade({query, shown, wire_.id(number)}, clock_.now_);
  if (decision.verdict != UpgradeVerdict::accept) return;
  require(page || (shown != "bad" && !shown.empty()), "nobody comes in without a good token");
  line.endpoint = &endpoint;
  line.session = decision.session;
  line.user = shown == "long" ? kLongId : shown;
  line.page = page;
  if ((token & 16) != 0) return;  // the 101 is answered later
  line.open = true;
  endpoint.websocket_open(line.session, wire_.id(number), clock_.now_);
}

void TerminalsRig::fill_in(std::string& text, const std::string& user, std::uint8_t which) const {
  const Users& users = switchboard_.users();
  std::string id = std::to_string(which);
  std::string other = "1";
  for (const ActiveCall& call : switchboard_.calls().active()) {
    const bool called = users.id(call.callee) == user;
    if (!called && users.id(call.caller) != user && which < 192) continue;
    id = std::to_string(call.id);
    other = users.id(called ? call.caller : call.callee);
  }
  const auto put = [&text](char mark, std::string_view value) {
    if (const std::size_t at = text.find(mark); at != text.npos) text.replace(at, 1, value);
  };
  put('#', user);
  put('@', id);
  put('!', other);
}

void TerminalsRig::say(std::uint32_t number, Script& script) {
  const std::uint8_t how = script.byte();
  const Line& line = wire_.line(number);
  const bool own_words = line.page && how % 4 == 0;
  std::string text = own_words ? script.text(kSaidByPages, kOwnFrom) : script.text(kSaid, kOwnFrom);
  fill_in(text, line.user, how);
  if (!line.page || how % 8 < 2) script.edit(text);  // what is no packet ends a page
  if (line.page && !own_words) {
    text.insert(0, how % 2 == 0 ? R"(42["Event",)" : R"(4212["Event",)");
    text += "]";
  }
  send(number, how == 255, text);
}

void TerminalsRig::send(std::uint32_t number, bool binary, std::string_view text) {
  const Line& line = wire_.line(number);
  if (line.endpoint == nullptr || !line.open) return;
  if (text.size() > kMaxMessage) return too_big(number);
  ++frames_sent_;
  std::vector<char> bytes(text.begin(), text.end());
  line.endpoint->websocket_message(line.session, wire_.id(number), binary, bytes, clock_.now_);
}

void TerminalsRig::too_big(std::uint32_t number) {
  const Line& line = wire_.line(number);
  if (line.endpoint == nullptr || !line.open) return;
  const ConnectionId connection = wire_.id(number);
  if (line.endpoint->websocket_too_big(line.session, clock_.now_)) return;
  const SessionId session = line.session;
  WebSocketEndpoint* const endpoint = line.endpoint;
  if (wire_.id(number) == connection) TerminalsWire::reset(wire_.line(number));
  endpoint->connection_closed(session, connection, CloseReason::message_too_big);
}

void TerminalsRig::pong(std::uint32_t number) {
  const Line& line = wire_.line(number);
  if (line.endpoint == nullptr || !line.open) return;
  line.endpoint->websocket_pong(line.session, clock_.now_);
}

void TerminalsRig::choke(std::uint32_t number) {
  Line& line = wire_.line(number);
  if (line.endpoint == nullptr || !line.open) return;
  line.choked = !line.choked;
  if (!line.choked) line.endpoint->writable(line.session);
}

/// Mostly the client's doing; sometimes the server's.
void TerminalsRig::connection_ends(std::uint32_t number, std::uint8_t how) {
  const Line gone = wire_.line(number);
  if (gone.endpoint == nullptr) return;
  if (how % 4 == 0) return sessions_.close(gone.session, CloseReason::shutdown);
  const ConnectionId connection = wire_.id(number);
  TerminalsWire::reset(wire_.line(number));
  gone.endpoint->connection_closed(
      gone.session, connection,
      how % 4 == 1 ? CloseReason::client_closed : CloseReason::connection_lost);
}

void TerminalsRig::revoke(std::uint32_t number) {
  const std::string user(kTokens[number % 3]);
  if (authority_.revoked.erase(user) == 0) authority_.revoked.insert(user);
}

// --- Turns ---------------------------------------------------------------------------------------

void TerminalsRig::pass_time(Duration step) {
  clock_.now_ += step;
  clock_.wall += step;
  note_who_is_there();
  engine_.expire(clock_.now_);
  socketio_.expire(clock_.now_);
  terminals_.expire(clock_.now_);
  bearers_.expire(clock_.now_);
  switchboard_.expire({clock_.now_, clock_.wall});
}

void TerminalsRig::note_who_is_there() {
  const Users& users = switchboard_.users();
  for (const UserSlot user : users.listed()) {
    if (users.terminals(user) > 0) last_there_[std::string(users.id(user))] = clock_.now_;
  }
}

void TerminalsRig::settle() {
  note_who_is_there();
  sessions_.reap();
  sessions_.flush_dirty();
  for (std::uint32_t i = 0; i < kWitnesses; ++i) {
    Line& line = wire_.line(i);
    if (line.pinged) terminals_.websocket_pong(line.session, clock_.now_);
    line.pinged = false;
  }
  sessions_.reap();
  check_frames();
}

}  // namespace bellhop::fuzz
