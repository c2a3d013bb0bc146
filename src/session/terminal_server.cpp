#include "session/terminal_server.h"

#include <algorithm>
#include <cassert>

namespace bellhop {
namespace {

constexpr HttpAnswer kTableFull = {503, "application/json",
                                   R"({"error":{"code":"overloaded","message":"the table of )"
                                   R"(sessions is full, try again"}})",
                                   "Retry-After: 1\r\n"};

/// What pings carry and pongs bring back: lws does not tell of a pong without anything in it.
constexpr std::string_view kPingPayload = "?";

}  // namespace

TerminalServer::TerminalServer(const TerminalOptions& options, SessionTable& sessions,
                               Transport& transport, TerminalHandler& handler)
    : options_(options),
      sessions_(sessions),
      transport_(transport),
      handler_(handler),
      states_(sessions.capacity()),
      ping_frame_(FrameBuilder(sessions.frames(), kPingPayload.size())
                      .append(kPingPayload)
                      .finish(WebSocketOpcode::ping)),
      ping_due_(sessions.capacity(), options.ping_interval),
      dead_due_(sessions.capacity(), options.ping_timeout) {
  assert(ping_frame_ != kNoFrame);
}

// --- Coming and going ----------------------------------------------------------------------------

UpgradeDecision TerminalServer::upgrade(const UpgradeRequest& request, Instant now) {
  const SessionId session = sessions_.open(*this);
  if (!session) return {UpgradeVerdict::refuse, kTableFull, {}};
  State& state = states_[session.index];
  state = State{};
  state.connection = request.connection;
  if (const auto refusal = handler_.on_admission(session, request.token, now)) {
    state.connection = {};
    sessions_.close(session, CloseReason::refused);
    return {UpgradeVerdict::refuse, *refusal, {}};
  }
  arm_heartbeat(session, now);
  return {UpgradeVerdict::accept, {}, session};
}

void TerminalServer::websocket_open(SessionId session, ConnectionId, Instant now) {
  if (!sessions_.alive(session)) return;
  states_[session.index].opened = true;
  handler_.on_open(session, now);
}

void TerminalServer::connection_closed(SessionId session, ConnectionId connection,
                                       CloseReason reason) {
  if (!sessions_.alive(session) || states_[session.index].connection != connection) return;
  states_[session.index].connection = {};
  sessions_.close(session, reason);
}

void TerminalServer::ended(SessionId session, CloseReason reason) {
  State& state = states_[session.index];
  if (state.opened) handler_.on_ended(session, reason);
  if (state.connection) {
    transport_.close(state.connection, websocket_close_code(reason), close_reason_name(reason));
  }
  ping_due_.disarm(session.index);
  dead_due_.disarm(session.index);
}

// --- Messages ------------------------------------------------------------------------------------

bool TerminalServer::heard(SessionId session, Instant now) {
  ++messages_received_;
  arm_heartbeat(session, now);
  if (states_[session.index].rate.take(now, options_.messages_per_10s)) return true;
  sessions_.close(session, CloseReason::flooding);
  return false;
}

void TerminalServer::websocket_message(SessionId session, ConnectionId, bool binary,
                                       std::span<char> bytes, Instant now) {
  if (!sessions_.alive(session) || !heard(session, now)) return;
  if (binary) return handler_.on_binary(session);
  handler_.on_text(session, {bytes.data(), bytes.size()}, now);
}

bool TerminalServer::websocket_too_big(SessionId session, Instant now) {
  if (!sessions_.alive(session) || !heard(session, now)) return true;  // it is closed anyway
  handler_.on_too_big(session);
  return true;
}

void TerminalServer::writable(SessionId session) {
  if (sessions_.alive(session)) sessions_.wake(session);
}

void TerminalServer::flush(SessionId session) {
  const State& state = states_[session.index];
  Outbox& outbox = sessions_.outbox(session);
  while (state.opened && !outbox.empty() && transport_.can_write(state.connection)) {
    write_queued(transport_, state.connection, sessions_.frames(), outbox, outbox.size());
  }
}

// --- Heartbeat -----------------------------------------------------------------------------------

void TerminalServer::websocket_pong(SessionId session, Instant now) {
  if (sessions_.alive(session)) arm_heartbeat(session, now);
}

void TerminalServer::arm_heartbeat(SessionId session, Instant now) {
  dead_due_.disarm(session.index);
  ping_due_.arm(session.index, now);
}

Instant TerminalServer::next_due() const {
  return std::min(ping_due_.next_due(), dead_due_.next_due());
}

void TerminalServer::expire(Instant now) {
  std::uint32_t index = 0;
  Instant due;
  while (dead_due_.pop_expired(now, index, due)) {
    sessions_.close(sessions_.at(index), CloseReason::ping_timeout);
  }
  while (ping_due_.pop_expired(now, index, due)) {
    const SessionId session = sessions_.at(index);
    if (session && sessions_.send(session, ping_frame_)) dead_due_.arm(index, now);
  }
}

}  // namespace bellhop
