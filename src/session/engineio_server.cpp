#include "session/engineio_server.h"

#include <algorithm>
#include <cassert>

#include "protocol/base64.h"

namespace bellhop {
namespace {

/// Deadlines count from when the last one was due, so that a timer is exact however late the turn;
/// beyond this the loop itself was held up, and clients must not pay for that.
constexpr Duration kTurnSlack{5};
constexpr Duration kNoopInterval{100};
/// What a script has around its payload. JSON at most doubles when it is quoted once more.
constexpr std::size_t kJsonpFrame = 32;

/// Constant time, since session ids are secrets.
bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  }
  return difference == 0;
}

}  // namespace

EngineIoServer::EngineIoServer(const EngineIoOptions& options, SessionTable& sessions,
                               Transport& transport, EngineIoHandler& handler)
    : options_(options),
      sessions_(sessions),
      transport_(transport),
      handler_(handler),
      states_(sessions.capacity()),
      payload_buffer_(base64_size(sessions.frames().largest_payload_bytes()) + 64),
      jsonp_buffer_(2 * payload_buffer_.size() + kJsonpFrame),
      ping_frame_(text_frame("2")),
      pong_frame_(text_frame("3")),
      probe_answer_frame_(text_frame("3probe")),
      ping_due_(sessions.capacity(), options.ping_interval),
      pong_due_(sessions.capacity(), options.ping_timeout),
      v3_ping_due_(sessions.capacity(), options.ping_interval + options.v3_ping_timeout),
      upgrade_due_(sessions.capacity(), options.upgrade_timeout),
      noop_due_(sessions.capacity(), kNoopInterval),
      spacing_due_(sessions.capacity(), options.frame_spacing) {
  assert(probe_answer_frame_ != kNoFrame);
}

FrameRef EngineIoServer::text_frame(std::string_view payload) {
  return FrameBuilder(sessions_.frames(), payload.size()).append(payload).finish();
}

// --- Sessions --------------------------------------------------------------------------------

std::string_view EngineIoServer::sid(SessionId session) const {
  return {state(session).sid.data(), kSidSize};
}

EngineIoRevision EngineIoServer::revision(SessionId session) const {
  return state(session).revision;
}

bool EngineIoServer::over_websocket(SessionId session) const {
  return state(session).carrier == Carrier::websocket;
}

SessionId EngineIoServer::find(std::string_view sid) const {
  if (sid.size() != kSidSize) return {};
  char decoded[3];
  const auto index_bytes = base64url_decode(sid.substr(0, 4), decoded);
  if (!index_bytes) return {};
  const auto byte = [&](int i) { return static_cast<std::uint32_t>(decoded[i] & 0xff); };
  const std::uint32_t index = byte(0) << 16 | byte(1) << 8 | byte(2);
  if (index >= sessions_.capacity()) return {};
  const SessionId session = sessions_.at(index);
  // The slot may have gone to another driver since; states_ would then still hold an old sid.
  if (!sessions_.driven_by(session, *this) || !same_secret(sid, this->sid(session))) return {};
  return session;
}

SessionId EngineIoServer::open(const EngineIoQuery& query, Instant now) {
  const SessionId session = sessions_.open(*this);
  if (!session) return {};
  // The id starts with the slot, so that finding it takes no search; the rest cannot be guessed.
  std::array<char, kSidBytes> bytes;
  options_.random({bytes.data(), bytes.size()});
  bytes[0] = static_cast<char>(session.index >> 16);
  bytes[1] = static_cast<char>(session.index >> 8);
  bytes[2] = static_cast<char>(session.index);

  State& state = this->state(session);
  state = State{};
  base64url_encode({bytes.data(), bytes.size()}, state.sid);
  state.revision = query.eio == "3" ? EngineIoRevision::v3 : EngineIoRevision::v4;
  state.base64 = query.base64;
  arm_heartbeat(session, now);
  handler_.on_handshake(session, query.token, now);
  return session;
}

std::string_view EngineIoServer::handshake(SessionId session, bool offers_websocket) {
  const bool v3 = revision(session) == EngineIoRevision::v3;
  const Duration ping_timeout = v3 ? options_.v3_ping_timeout : options_.ping_timeout;
  const EngineIoHandshake handshake = {.sid = sid(session),
                                       .offers_websocket = offers_websocket,
                                       .ping_interval_ms = options_.ping_interval.count(),
                                       .ping_timeout_ms = ping_timeout.count(),
                                       .max_payload_bytes = options_.max_payload_bytes};
  const auto text = engineio_write_handshake(handshake, jsonp_buffer_.span());
  assert(text);
  return *text;
}

void EngineIoServer::ended(SessionId session, CloseReason reason) {
  State& state = this->state(session);
  if (state.opened) handler_.on_ended(session, reason);
  const WebSocketClose code = websocket_close_code(reason);
  const std::string_view reason_name = close_reason_name(reason);
  if (state.poll) {
    const bool by_client = reason == CloseReason::client_closed;
    end_poll(session, poll_answer(session, by_client ? EngineIoPacketType::noop
                                                     : EngineIoPacketType::close));
  }
  if (state.socket) transport_.close(state.socket, code, reason_name);
  if (state.candidate) transport_.close(state.candidate, code, reason_name);
  for (DeadlineQueue* queue :
       {&ping_due_, &pong_due_, &v3_ping_due_, &upgrade_due_, &noop_due_, &spacing_due_}) {
    queue->disarm(session.index);
  }
}

void EngineIoServer::connection_closed(SessionId session, ConnectionId connection,
                                       CloseReason reason) {
  if (!sessions_.alive(session)) return;
  State& state = this->state(session);
  if (connection == state.candidate) return forget_candidate(session);
  for (ConnectionId* carrying : {&state.poll, &state.post, &state.socket}) {
    if (connection != *carrying) continue;
    *carrying = {};
    sessions_.close(session, reason);
  }
}

// --- Packets -----------------------------------------------------------------------------------

void EngineIoServer::on_packet(SessionId session, const EngineIoPacket& packet, Instant now) {
  switch (packet.type) {
    case EngineIoPacketType::message:
      return handler_.on_message(session, packet, now);
    case EngineIoPacketType::ping:
      return on_ping(session, packet, now);
    case EngineIoPacketType::pong:
      return on_pong(session, now);
    case EngineIoPacketType::close:
      return sessions_.close(session, CloseReason::client_closed);
    case EngineIoPacketType::open:
    case EngineIoPacketType::upgrade:
    case EngineIoPacketType::noop:
      return;  // without meaning here; stock servers ignore them too
  }
}

void EngineIoServer::on_ping(SessionId session, const EngineIoPacket& packet, Instant now) {
  if (revision(session) == EngineIoRevision::v4) {  // there the server pings
    return sessions_.close(session, CloseReason::protocol_error);
  }
  arm_heartbeat(session, now);
  if (packet.data.empty()) {
    sessions_.send(session, pong_frame_);
    return;
  }
  FramePool& frames = sessions_.frames();
  const FrameRef pong =
      FrameBuilder(frames, packet.data.size() + 1).append("3").append(packet.data).finish();
  if (pong == kNoFrame) return sessions_.close(session, CloseReason::out_of_memory);
  sessions_.send(session, pong);
  frames.release(pong);
}

void EngineIoServer::on_pong(SessionId session, Instant now) {
  if (revision(session) == EngineIoRevision::v3) {  // there the client pings
    return sessions_.close(session, CloseReason::protocol_error);
  }
  arm_heartbeat(session, now);
}

// --- Time --------------------------------------------------------------------------------------

void EngineIoServer::arm_heartbeat(SessionId session, Instant now) {
  if (revision(session) == EngineIoRevision::v3) {
    v3_ping_due_.arm(session.index, now);
  } else {
    pong_due_.disarm(session.index);
    ping_due_.arm(session.index, now);
  }
}

Instant EngineIoServer::next_due() const {
  return std::min({ping_due_.next_due(), pong_due_.next_due(), v3_ping_due_.next_due(),
                   upgrade_due_.next_due(), noop_due_.next_due(), spacing_due_.next_due()});
}

void EngineIoServer::expire(Instant now) {
  now_ = now;
  std::uint32_t index = 0;
  Instant due;
  while (pong_due_.pop_expired(now, index, due) || v3_ping_due_.pop_expired(now, index, due)) {
    sessions_.close(sessions_.at(index), CloseReason::ping_timeout);
  }
  while (ping_due_.pop_expired(now, index, due)) {
    const SessionId session = sessions_.at(index);
    if (!session || !sessions_.send(session, ping_frame_)) continue;
    pong_due_.arm(index, std::max(due, now - kTurnSlack));
  }
  while (upgrade_due_.pop_expired(now, index, due)) {
    if (const SessionId session = sessions_.at(index)) drop_candidate(session);
  }
  while (spacing_due_.pop_expired(now, index, due)) {
    if (const SessionId session = sessions_.at(index)) sessions_.wake(session);
  }
  while (noop_due_.pop_expired(now, index, due)) {
    const SessionId session = sessions_.at(index);
    if (!session) continue;
    state(session).noop_due = true;
    sessions_.wake(session);
  }
}

// --- Output ------------------------------------------------------------------------------------

void EngineIoServer::flush(SessionId session) {
  if (state(session).carrier == Carrier::websocket) return flush_websocket(session);
  flush_polling(session);
}

}  // namespace bellhop
