// The WebSocket half of EngineIoServer: new sessions, the upgrade of polling ones, messages.
#include "protocol/base64.h"
#include "session/engineio_answers.h"
#include "session/engineio_server.h"

namespace bellhop {
namespace {

/// More queued frames than this leave together even with frame_spacing: the queue is short.
constexpr std::size_t kSpacedFrames = Outbox::kCapacity / 2;

}  // namespace

UpgradeDecision EngineIoServer::upgrade(const UpgradeRequest& request, Instant now) {
  const EngineIoQuery& query = request.query;
  if (const auto error = check_query(query)) return {UpgradeVerdict::refuse, *error, {}};
  if (query.transport != "websocket") return {UpgradeVerdict::accept_then_close, {}, {}};
  if (!query.sid.empty()) return upgrade_existing(find(query.sid), request.connection, now);
  if (query.eio != "3" && query.eio != "4") {
    return {UpgradeVerdict::refuse, engineio_answer::kBadRevision, {}};
  }
  const SessionId session = open(query, now);
  if (!session) return {UpgradeVerdict::refuse, engineio_answer::kTableFull, {}};
  state(session).carrier = Carrier::websocket;
  state(session).socket = request.connection;
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
  if (options_.frame_spacing > Duration{0}) spacing_due_.arm(session.index, now);
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

void EngineIoServer::answer_probe(SessionId session) {
  state(session).probe_answer_due = false;
  const std::string_view wire = sessions_.frames().wire(probe_answer_frame_);
  transport_.write(state(session).candidate, {&wire, 1});
}

void EngineIoServer::complete_upgrade(SessionId session) {
  State& state = this->state(session);
  // `5` came without waiting for it; on a choked wire it is no longer worth a byte.
  if (state.probe_answer_due && transport_.can_write(state.candidate)) answer_probe(session);
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
  const Outbox& outbox = sessions_.outbox(session);
  while (state.opened && !outbox.empty() && transport_.can_write(state.socket)) {
    const bool spaced = options_.frame_spacing > Duration{0} && outbox.size() <= kSpacedFrames;
    if (!spaced) {
      write_frames(session, outbox.size());
      continue;
    }
    if (spacing_due_.armed(session.index)) return;
    spacing_due_.arm(session.index, now_);
    write_frames(session, 1);
  }
}

void EngineIoServer::write_frames(SessionId session, std::size_t most) {
  const State& state = this->state(session);
  FramePool& frames = sessions_.frames();
  Outbox& outbox = sessions_.outbox(session);
  std::size_t count = 0;
  for (; count < most; ++count) {
    if (state.base64 && frames.binary(outbox.at(count))) break;  // goes alone, as text
  }
  if (count > 0) return write_queued(transport_, state.socket, frames, outbox, count);
  write_frame_as_text(session, outbox.at(0));
  outbox.pop(frames, 1);
}

void EngineIoServer::write_frame_as_text(SessionId session, FrameRef frame) {
  // For clients that cannot take binary: base64, as in polling payloads of the revision.
  const std::span<char> buffer = payload_buffer_.span();
  const std::string_view type = revision(session) == EngineIoRevision::v3 ? "b4" : "b";
  const std::string_view bytes = packet_of(session, frame).data;
  const std::size_t size = type.size() + base64_size(bytes.size());
  const std::size_t header = websocket_header_size(size);
  websocket_write_header(WebSocketOpcode::text, size, buffer.data());
  type.copy(buffer.data() + header, type.size());
  base64_encode(bytes, buffer.subspan(header + type.size()));
  const std::string_view wire(buffer.data(), header + size);
  transport_.write(state(session).socket, {&wire, 1});
}

}  // namespace bellhop
