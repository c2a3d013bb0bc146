#pragma once
// What the connection fuzzer puts on top of its two servers. Both send a lot and check that every
// beginning they hear of has its end.
#include <map>
#include <optional>
#include <string_view>

#include "fuzz.h"
#include "session/socketio_server.h"

namespace bellhop::fuzz {

/// The bare Engine.IO server's layer above: every message goes back.
class Echo final : public EngineIoHandler {
 public:
  explicit Echo(SessionTable& sessions) : sessions_(sessions) {}
  void attach(const EngineIoServer& engine) { engine_ = &engine; }

  void on_handshake(SessionId session, std::string_view, Instant) override {
    require(sessions_.alive(session) && !open_.contains(session.index), "made before it opens");
  }
  void on_open(SessionId session, Instant) override {
    require(open_.emplace(session.index, session.generation).second, "opened once");
  }
  void on_ended(SessionId session, CloseReason) override {
    const auto known = open_.find(session.index);
    require(known != open_.end() && known->second == session.generation, "ended after opened");
    open_.erase(known);
  }
  void on_message(SessionId session, const EngineIoPacket& message, Instant) override {
    require(sessions_.alive(session) && open_.contains(session.index), "only the open speak");
    const bool v3 = engine_->revision(session) == EngineIoRevision::v3;
    const std::string_view type = !message.binary ? "4" : v3 ? std::string_view("\x04", 1) : "";
    FrameBuilder builder(sessions_.frames(), type.size() + message.data.size());
    builder.append(type).append(message.data);
    const FrameRef frame =
        builder.finish(message.binary ? WebSocketOpcode::binary : WebSocketOpcode::text);
    if (frame == kNoFrame) return sessions_.close(session, CloseReason::out_of_memory);
    sessions_.send(session, frame);
    sessions_.frames().release(frame);
  }
  [[nodiscard]] std::size_t open_count() const { return open_.size(); }

 private:
  SessionTable& sessions_;
  const EngineIoServer* engine_ = nullptr;
  std::map<std::uint32_t, std::uint32_t> open_;
};

/// The Socket.IO server's application.
class Application final : public SocketIoHandler {
 public:
  explicit Application(SessionTable& sessions) : sessions_(sessions) {}
  void attach(SocketIoServer& server) { server_ = &server; }

  std::optional<std::string_view> on_connecting(Socket socket, std::string_view auth,
                                                Instant) override {
    require(!in_.contains(key(socket)), "who is in does not connect");
    if (auth == "{}") return R"({"message":"no"})";
    return std::nullopt;
  }
  void on_connected(Socket socket, std::string_view, Instant) override {
    require(sessions_.alive(socket.session), "the CONNECT answer is queued");
    require(in_.emplace(key(socket), socket).second, "connected once");
    tell_all("\"news\"", "\"somebody came\"");
  }
  void on_event(Socket socket, const SocketIoEvent& event, Instant) override {
    require(sessions_.alive(socket.session) && in_.contains(key(socket)), "only who is in speaks");
    if (event.name_literal == "\"all\"") return tell_all(event.name_literal, event.arguments);
    if (event.name_literal == "\"leave\"") {
      return sessions_.close(socket.session, CloseReason::shutdown);
    }
    server_->emit(socket, event.name_literal, event.arguments, event.attachments);
    if (event.ack_id) {
      server_->acknowledge(socket, *event.ack_id, event.arguments, event.attachments);
    }
  }
  void on_disconnected(Socket socket, bool) override {
    require(in_.erase(key(socket)) == 1, "disconnected once, after connected");
    server_->emit(socket, "\"bye\"", "");
    tell_all("\"news\"", "");
  }
  void tell_all(std::string_view name, std::string_view data) {
    const FrameRef frame = server_->encode_event(0, name, {&data, 1});
    if (frame == kNoFrame) return;
    for (const auto& [at, socket] : in_) sessions_.send(socket.session, frame);
    sessions_.frames().release(frame);
  }
  [[nodiscard]] std::size_t in_count() const { return in_.size(); }

 private:
  static std::uint64_t key(Socket socket) {
    return std::uint64_t{socket.session.generation} << 16 | socket.session.index << 8 | socket.nsp;
  }
  SessionTable& sessions_;
  SocketIoServer* server_ = nullptr;
  std::map<std::uint64_t, Socket> in_;
};

}  // namespace bellhop::fuzz
