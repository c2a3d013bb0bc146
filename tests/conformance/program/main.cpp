// bellhop-conformance: the Socket.IO library of the gateway with the handlers the public protocol
// suites expect, and none of the gateway's rules.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "config/address.h"
#include "edge/event_loop.h"
#include "edge/server.h"
#include "platform/clock.h"
#include "platform/entropy.h"
#include "platform/signals.h"
#include "session/engineio_server.h"
#include "session/socketio_server.h"

namespace bellhop {
namespace {

constexpr std::size_t kSessions = 256;
constexpr std::size_t kConnections = 512;
constexpr std::size_t kMaxPayload = 1000000;

void random_bytes(std::span<char> out) {
  if (!fill_random(out)) std::abort();
}

EngineIoOptions engine_options() {
  EngineIoOptions options;
  options.ping_interval = Duration{300};
  options.ping_timeout = Duration{200};
  options.v3_ping_timeout = Duration{200};
  options.frame_spacing = Duration{2};  // the suites' clients take one message at a time
  options.max_payload_bytes = kMaxPayload;
  options.random = random_bytes;
  return options;
}

/// `/engine.io/`: every message back as it came.
class EngineEcho final : public EngineIoHandler {
 public:
  explicit EngineEcho(SessionTable& sessions) : sessions_(sessions) {}
  void attach(const EngineIoServer& engine) { engine_ = &engine; }

  void on_handshake(SessionId, std::string_view, Instant) override {}
  void on_open(SessionId, Instant) override {}
  void on_ended(SessionId, CloseReason) override {}
  void on_message(SessionId session, const EngineIoPacket& message, Instant) override {
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

 private:
  SessionTable& sessions_;
  const EngineIoServer* engine_ = nullptr;
};

/// `/socket.io/`: `auth` on connection; in `/` also `message` and `message-with-ack`.
class SocketEcho final : public SocketIoHandler {
 public:
  void attach(SocketIoServer& server) { server_ = &server; }

  std::optional<std::string_view> on_connecting(Socket, std::string_view, Instant) override {
    return std::nullopt;
  }
  void on_connected(Socket socket, std::string_view auth, Instant) override {
    server_->emit(socket, "\"auth\"", auth.empty() ? "{}" : auth);
  }
  void on_event(Socket socket, const SocketIoEvent& event, Instant) override {
    if (socket.nsp != 0) return;
    if (event.name_literal == "\"message\"") {
      server_->emit(socket, "\"message-back\"", event.arguments, event.attachments);
    } else if (event.name_literal == "\"message-with-ack\"" && event.ack_id) {
      server_->acknowledge(socket, *event.ack_id, event.arguments, event.attachments);
    }
  }
  void on_disconnected(Socket, bool) override {}

 private:
  SocketIoServer* server_ = nullptr;
};

class NothingElse final : public HttpHandler {
 public:
  std::optional<HttpAnswer> on_head(const HttpRequest&) override { return kNotFound; }
  HttpAnswer on_request(const HttpRequest&, Instant) override { return kNotFound; }

 private:
  static constexpr HttpAnswer kNotFound = {404, "text/plain", "not found\n", ""};
};

class Program final : public LoopClient, public LoopSource {
 public:
  explicit Program(const ListenAddress& address)
      : loop_(kConnections + 64, read_clock, &clock_),
        frames_({.small_frames = 4096,
                 .small_bytes = 1024,
                 .large_frames = 64,
                 .large_bytes = kMaxPayload + 4096}),
        assemblies_(16, 2 * kMaxPayload),
        sessions_({.sessions = kSessions, .queue_bytes = std::size_t{8} << 20}, frames_),
        server_(server_options(address), loop_, assemblies_, nothing_else_),
        engine_echo_(sessions_),
        engine_(engine_options(), sessions_, server_, engine_echo_),
        socketio_(socketio_options(), sessions_, assemblies_, socket_echo_),
        socketio_engine_(engine_options(), sessions_, server_, socketio_) {
    engine_echo_.attach(engine_);
    socket_echo_.attach(socketio_);
    socketio_.attach(socketio_engine_);
    server_.serve(mounts_);
  }

  bool start(std::string& error) {
    return loop_.open(error) && signals_.open(error) && loop_.watch(signals_.fd(), *this) &&
           server_.open(error);
  }
  std::uint16_t port() const { return server_.port(false); }
  void run() { server_.run(*this); }

  // LoopSource: a signal came
  void readable() override {
    while (signals_.next() == Signal::stop) loop_.stop();
  }

  // LoopClient
  Instant next_due() const override {
    return std::min({engine_.next_due(), socketio_engine_.next_due(), socketio_.next_due()});
  }
  void turn_began(Instant now) override {
    engine_.expire(now);
    socketio_engine_.expire(now);
    socketio_.expire(now);
    sessions_.reap();
  }
  void event_served() override { sessions_.reap(); }
  void turn_ended(Instant) override { sessions_.flush_dirty(); }

 private:
  static Instant read_clock(void* clock) { return static_cast<SystemClock*>(clock)->now(); }

  static ServerOptions server_options(const ListenAddress& address) {
    ServerOptions options;
    options.plain = ListenerOptions{address.host, address.port};
    options.connections = kConnections;
    options.max_message_bytes = kMaxPayload;
    options.answer_bytes = 4 * kMaxPayload;
    options.admission = {.addresses = kConnections,
                         .connections_per_address = kConnections,
                         .new_sessions_per_second = 100000,
                         .origins = {"*"}};
    return options;
  }
  static SocketIoOptions socketio_options() {
    static constexpr std::string_view kNamespaces[] = {"/", "/custom"};
    SocketIoOptions options;
    options.namespaces = kNamespaces;
    options.connect_timeout = Duration{1000};
    options.max_message_bytes = kMaxPayload;
    options.max_json_depth = 64;
    options.messages_per_10s = 1000000;
    options.random = random_bytes;
    return options;
  }

  SystemClock clock_;
  Signals signals_;
  EventLoop loop_;
  FramePool frames_;
  AssemblyPool assemblies_;
  SessionTable sessions_;
  NothingElse nothing_else_;
  Server server_;
  EngineEcho engine_echo_;
  EngineIoServer engine_;
  SocketEcho socket_echo_;
  SocketIoServer socketio_;
  EngineIoServer socketio_engine_;
  Mount mounts_[2] = {{"/engine.io/", &engine_, &engine_},
                      {"/socket.io/", &socketio_engine_, &socketio_engine_}};
};

int run(std::string_view listen) {
  Signals::failed_writes_are_errors();
  ListenAddress address;
  std::string error;
  if (!parse_listen_address(listen, address, error)) {
    std::fprintf(stderr, "--listen: %s\n", error.c_str());
    return 64;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kConnections + 64);
  setrlimit(RLIMIT_NOFILE, &limit);
  Program program(address);
  if (!program.start(error)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return 1;
  }
  std::printf("ready http://%s:%u\n", address.host.c_str(), unsigned{program.port()});
  std::fflush(stdout);
  program.run();
  return 0;
}

}  // namespace
}  // namespace bellhop

int main(int count, char** arguments) {
  if (count != 3 || std::strcmp(arguments[1], "--listen") != 0) {
    std::fputs("usage: bellhop-conformance --listen ADDR:PORT\n", stderr);
    return 64;
  }
  return bellhop::run(arguments[2]);
}
