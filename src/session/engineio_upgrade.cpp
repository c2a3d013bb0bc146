// The WebSocket half of EngineIoServer: new sessions, the upgrade of polling ones, messages.
#include "session/engineio_answers.h"
#include "session/engineio_server.h"

namespace bellhop {

UpgradeDecision EngineIoServer::upgrade(const EngineIoQuery& query, ConnectionId connection,
                                        Instant now) {
  if (const auto error = check_query(query)) return {UpgradeVerdict::refuse, *error, {}};
  if (query.transport != "websocket") return {UpgradeVerdict::accept_then_close, {}, {}};
  if (!query.sid.empty()) return upgrade_existing(find(query.sid), connection, now);
  if (query.eio != "3" && query.eio != "4") {
    return {UpgradeVerdict::refuse, engineio_answer::kBadRevision, {}};
  }
  const SessionId session = open(query, now);
  if (!session) return {UpgradeVerdict::refuse, engineio_answer::kTableFull, {}};
  state(session).carrier = Carrier::websocket;
  state(session).socket = connection;
  return {UpgradeVerdict::accept, {}, session};
}

UpgradeDecision EngineIoServer::upgrade_existing(SessionId session, ConnectionId connection,
                                                 Instant now) {
  State& state = this->state(session);
  if (state.carrier == Carrier::websocket || state.candidate) {
    return {UpgradeVerdict::accept_then_close, {}, {}};
  }
  state.candidate = connection;
  upgrade_due_.arm(session.index, now);
  return {UpgradeVerdict::accept, {}, session};
}

void EngineIoServer::websocket_open(SessionId session, ConnectionId connection, Instant now) {
  if (!sessions_.alive(session)) return;
  State& state = this->state(session);
  if (connection != state.socket) return;  // a candidate: nothing is sent before its probe
  FramePool& frames = sessions_.frames();
  const std::string_view text = handshake(session, false);
  const FrameRef open = FrameBuilder(frames, text.size() + 1).append("0").append(text).finish();
  if (open == kNoFrame) return sessions_.close(session, CloseReason::out_of_memory);
  state.opened = true;
  sessions_.send(session, open);
  frames.release(open);
  handler_.on_open(session, now);
}

void EngineIoServer::websocket_message(SessionId session, ConnectionId connection, bool binary,
                                       std::span<char> bytes, Instant now) {
  if (!sessions_.alive(session)) return;
  if (connection == state(session).candidate) {
    return on_candidate_message(session, binary, {bytes.data(), bytes.size()}, now);
  }
  if (connection != state(session).socket) return;  // a candidate that has been dropped
  const auto packet = binary
                          ? engineio_decode_binary(revision(session), {bytes.data(), bytes.size()})
                          : engineio_decode_text(revision(session), bytes);
  if (!packet) return sessions_.close(session, CloseReason::protocol_error);
  on_packet(session, *packet, now);
}

void EngineIoServer::on_candidate_message(SessionId session, bool binary, std::string_view text,
                                          Instant now) {
  State& state = this->state(session);
  if (!binary && text == "5") return complete_upgrade(session);
  if (binary || text != "2probe") return drop_candidate(session);
  state.probed = true;
  state.probe_answer_due = true;
  state.noop_due = true;  // the client waits for its hanging GET before it sends `5`
  if (!state.poll) noop_due_.arm(session.index, now);
  sessions_.wake(session);
}

void EngineIoServer::complete_upgrade(SessionId session) {
  State& state = this->state(session);
  state.socket = state.candidate;
  state.carrier = Carrier::websocket;
  forget_candidate(session);
  if (state.poll) end_poll(session, poll_answer(session, EngineIoPacketType::noop));
  sessions_.wake(session);
}

void EngineIoServer::drop_candidate(SessionId session) {
  transport_.close(state(session).candidate, WebSocketClose::normal, "");
  forget_candidate(session);
}

void EngineIoServer::forget_candidate(SessionId session) {
  State& state = this->state(session);
  state.candidate = {};
  state.probed = false;
  state.probe_answer_due = false;
  state.noop_due = false;
  upgrade_due_.disarm(session.index);
  noop_due_.disarm(session.index);
}

void EngineIoServer::flush_websocket(SessionId session) {
  const State& state = this->state(session);
  Outbox& outbox = sessions_.outbox(session);
  if (!state.opened || outbox.empty() || !transport_.can_write(state.socket)) return;
  std::array<std::string_view, Outbox::kCapacity> wires;
  const std::size_t count = outbox.size();
  for (std::size_t i = 0; i < count; ++i) wires[i] = sessions_.frames().wire(outbox.at(i));
  transport_.write(state.socket, {wires.data(), count});
  outbox.pop(sessions_.frames(), count);
}

}  // namespace bellhop
