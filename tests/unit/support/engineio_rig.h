#pragma once
// One Engine.IO server on a fake edge, with time as a number.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session/engineio_server.h"
#include "support/fake_transport.h"

namespace bellhop {

/// Records what the layer above would hear; a test may put rules in.
class RecordingHandler final : public EngineIoHandler {
 public:
  void on_handshake(SessionId session, std::string_view token, Instant) override {
    handshakes.push_back(session);
    tokens.emplace_back(token);
  }
  void on_open(SessionId session, Instant now) override {
    opened.push_back(session);
    if (when_opened) when_opened(*this, session, now);
  }
  void on_message(SessionId session, const EngineIoPacket& message, Instant) override {
    const std::string text(message.data);
    messages.push_back(message.binary ? "<" + text + ">" : text);
    if (when_told) when_told(*this, session);
  }
  void on_ended(SessionId session, CloseReason reason) override {
    ended.push_back(session);
    reasons.push_back(reason);
  }

  std::vector<SessionId> handshakes;
  std::vector<std::string> tokens;  ///< of the handshakes
  std::vector<SessionId> opened;
  std::vector<SessionId> ended;
  std::vector<CloseReason> reasons;
  std::vector<std::string> messages;
  void (*when_opened)(RecordingHandler&, SessionId, Instant) = nullptr;
  void (*when_told)(RecordingHandler&, SessionId) = nullptr;
  void* context = nullptr;
};

struct RigOptions {
  std::size_t sessions = 4;
  std::size_t queue_messages = 32;
  std::size_t queue_bytes = 4096;
  std::size_t small_frames = 48;
  std::size_t large_frames = 8;
};

/// Frame pool, session table and edge, as every layer above uses them.
struct SessionRig {
  explicit SessionRig(const RigOptions& options = {})
      : frames({.small_frames = options.small_frames,
                .small_bytes = 256,
                .large_frames = options.large_frames,
                .large_bytes = 2048}),
        sessions({.sessions = options.sessions,
                  .queue_messages = options.queue_messages,
                  .queue_bytes = options.queue_bytes},
                 frames) {}

  [[nodiscard]] FrameRef frame(std::string_view payload,
                               WebSocketOpcode opcode = WebSocketOpcode::text) {
    return FrameBuilder(frames, payload.size()).append(payload).finish(opcode);
  }
  /// Queues a frame of its own.
  bool send(SessionId session, std::string_view payload,
            WebSocketOpcode opcode = WebSocketOpcode::text) {
    const FrameRef one = frame(payload, opcode);
    if (one == kNoFrame) return false;
    const bool queued = sessions.send(session, one);
    frames.release(one);
    return queued;
  }
  [[nodiscard]] std::size_t frames_in_use() const {
    return frames.small_gauge().in_use + frames.large_gauge().in_use;
  }
  /// What the edge does between two events, and at the end of a turn.
  void turn() {
    sessions.reap();
    sessions.flush_dirty();
  }
  [[nodiscard]] std::uint64_t closed(CloseReason reason) const {
    return sessions.closed_count(reason);
  }

  FramePool frames;
  SessionTable sessions;
  FakeTransport edge;
  Instant now{};
};

/// What a request has got, copied out of the engine's buffers.
struct Reply {
  EngineIoServer::Next next;
  unsigned status;
  std::string type;
  std::string body;
  SessionId session;
};

class EngineClient {
 public:
  EngineClient(SessionRig& rig, EngineIoServer& engine) : rig_(&rig), engine_(&engine) {}

  std::string_view eio = "4";
  std::string_view jsonp = "";
  std::string_view token = "";
  bool base64 = false;
  std::string sid;
  SessionId session;

  Reply request(EngineIoMethod method, const EngineIoQuery& query, ConnectionId from,
                std::string_view content_type = "", std::size_t body_bytes = 0) {
    const auto reaction =
        engine_->request({method, query, from, content_type, body_bytes}, rig_->now);
    return {reaction.next, reaction.answer.status, std::string(reaction.answer.content_type),
            std::string(reaction.answer.body), reaction.session};
  }
  [[nodiscard]] EngineIoQuery query(std::string_view transport) const {
    return {eio, transport, sid, jsonp, token, base64};
  }

  /// The handshake over polling, on connection 1; its answer's body.
  std::string open_polling() {
    const Reply reply = request(EngineIoMethod::get, query("polling"), connection(1));
    session = reply.session;
    sid = engine_->sid(session);
    return reply.body;
  }
  /// The answer to an upgrade request, before the 101 is on its way.
  [[nodiscard]] UpgradeDecision decide(ConnectionId socket) {
    return engine_->upgrade({query("websocket"), token, socket}, rig_->now);
  }
  /// A session that starts on a WebSocket; nothing has been flushed yet.
  void open_websocket(ConnectionId socket) {
    session = decide(socket).session;
    sid = engine_->sid(session);
    engine_->websocket_open(session, socket, rig_->now);
  }
  UpgradeDecision upgrade(ConnectionId socket) {
    const UpgradeDecision decision = decide(socket);
    if (decision.verdict == UpgradeVerdict::accept)
      engine_->websocket_open(session, socket, rig_->now);
    return decision;
  }
  Reply get(ConnectionId from = connection(1)) {
    return request(EngineIoMethod::get, query("polling"), from);
  }
  /// Head and body; status and text of the answer.
  Reply post(std::string_view body, std::string_view content_type = "",
             ConnectionId from = connection(2)) {
    Reply reply = request(EngineIoMethod::post, query("polling"), from, content_type, body.size());
    if (reply.next != EngineIoServer::Next::read_body) return reply;
    std::string bytes(body);
    const HttpAnswer answer =
        engine_->post_body(session, content_type == "application/octet-stream", bytes, rig_->now);
    return {EngineIoServer::Next::answer, answer.status, std::string(answer.content_type),
            std::string(answer.body), session};
  }
  void say(ConnectionId socket, std::string_view text, bool binary = false) {
    std::string bytes(text);
    engine_->websocket_message(session, socket, binary, bytes, rig_->now);
  }

 private:
  SessionRig* rig_;
  EngineIoServer* engine_;
};

/// Intervals as in the public suites: ping after 300 ms, 200 ms for the pong.
inline EngineIoOptions engine_options() {
  EngineIoOptions options;
  options.ping_interval = Duration(300);
  options.ping_timeout = Duration(200);
  options.v3_ping_timeout = Duration(400);
  options.upgrade_timeout = Duration(250);
  options.max_payload_bytes = 1000;
  options.random = counted_bytes;
  return options;
}

struct EngineRig : SessionRig {
  explicit EngineRig(const RigOptions& options = {})
      : SessionRig(options), engine(engine_options(), sessions, edge, app) {}

  /// Time passes; one turn of the loop at `ms`.
  void turn_at(std::int64_t ms) {
    now = Instant(Duration(ms));
    engine.expire(now);
    turn();
  }

  RecordingHandler app;
  EngineIoServer engine;
  EngineClient client{*this, engine};
};

}  // namespace bellhop
