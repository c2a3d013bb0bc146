#pragma once
// One Socket.IO server on an Engine.IO server on a fake edge.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session/socketio_server.h"
#include "support/engineio_rig.h"

namespace bellhop {

/// Writes down all it hears as short lines; lets everybody in unless told otherwise.
class RecordingApplication final : public SocketIoHandler {
 public:
  void on_handshake(SessionId, std::string_view token, Instant) override {
    if (!token.empty()) heard.push_back("token " + std::string(token));
  }
  std::optional<std::string_view> on_connecting(Socket, std::string_view, Instant) override {
    return refusal;
  }
  void on_connected(Socket socket, std::string_view auth, Instant) override {
    heard.push_back("in " + std::to_string(socket.nsp) + " " + std::string(auth));
    last = socket;
  }
  void on_event(Socket socket, const SocketIoEvent& event, Instant) override {
    std::string line = "event " + std::to_string(socket.nsp) + " ";
    line.append(event.name_literal).append(" ").append(event.arguments);
    for (const std::string_view bytes : event.attachments) line.append(" <").append(bytes) += '>';
    if (event.ack_id) line += " ack " + std::to_string(*event.ack_id);
    heard.push_back(line);
  }
  void on_disconnected(Socket socket, bool goodbye) override {
    heard.push_back("out " + std::to_string(socket.nsp) + (goodbye ? " goodbye" : ""));
    if (parting_gift != nullptr) parting_gift->emit(socket, "\"bye\"", "");
  }

  /// All lines since the last call, joined by `|`.
  std::string take() {
    std::string joined;
    for (const std::string& line : heard) joined += joined.empty() ? line : "|" + line;
    heard.clear();
    return joined;
  }

  std::vector<std::string> heard;
  std::optional<std::string_view> refusal;
  Socket last;
  SocketIoServer* parting_gift = nullptr;  ///< emits to the leaving socket
};

struct SocketRig : SessionRig {
  static constexpr std::array<std::string_view, 3> kNamespaces = {"/", "/ward", "/ops"};
  static constexpr std::size_t kBuffers = 2;

  static SocketIoOptions socketio_options() {
    SocketIoOptions options;
    options.namespaces = kNamespaces;
    options.connect_timeout = Duration(1000);
    options.max_message_bytes = 600;
    options.messages_per_10s = 20;
    options.random = counted_bytes;
    return options;
  }
  static EngineIoOptions patient_engine() {
    EngineIoOptions options = engine_options();
    options.ping_interval = Duration(1000000);
    return options;
  }

  explicit SocketRig(const RigOptions& options = {})
      : SessionRig(options),
        assemblies(kBuffers, 800),
        server(socketio_options(), sessions, assemblies, app),
        engine(patient_engine(), sessions, edge, server) {
    server.attach(engine);
  }

  void turn_at(std::int64_t ms) {
    now = Instant(Duration(ms));
    engine.expire(now);
    server.expire(now);
    turn();
  }
  /// A client on WebSocket `socket`, with everything it was greeted with read.
  EngineClient enter(std::string_view eio, ConnectionId socket) {
    EngineClient client(*this, engine);
    client.eio = eio;
    client.open_websocket(socket);
    if (eio == "4") client.say(socket, "40");
    turn();
    edge.take_written(socket);
    app.heard.clear();
    return client;
  }

  AssemblyPool assemblies;
  RecordingApplication app;
  SocketIoServer server;
  EngineIoServer engine;
};

}  // namespace bellhop
