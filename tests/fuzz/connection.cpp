// Whole connections over memory: the input is a script of requests, bodies, WebSocket messages,
// closes and time steps, played to a Socket.IO server and to a bare Engine.IO server that share
// one session table. Everything is small, so that every bound is met.
#include "connection_applications.h"
#include "connection_wire.h"
#include "script.h"

using namespace bellhop;
using fuzz::Application;
using fuzz::Echo;
using fuzz::Line;
using fuzz::require;
using fuzz::Script;
using fuzz::Use;

namespace {

constexpr std::size_t kSessions = 4;
constexpr std::size_t kClients = 6;
constexpr std::size_t kControlFrames = 2 * 3;
constexpr std::size_t kMaxPayload = 400;
constexpr std::size_t kLargeBytes = 700;

/// Ids are the same whenever an input is played again.
std::uint32_t ids_given = 0;

void counted_bytes(std::span<char> out) {
  ++ids_given;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<char>(ids_given >> (8 * (i % 4)));
  }
}

constexpr std::string_view kSaid[] = {"2probe",
                                      "5",
                                      "3",
                                      "2",
                                      "1",
                                      "40",
                                      "40/ward,",
                                      "41",
                                      "42[\"all\",1]",
                                      "42[\"echo\",{\"a\":\"\\\"\\\"\\\"\\\"\"}]",
                                      "427[\"echo\"]",
                                      "42[\"leave\"]",
                                      "452-[\"echo\",{\"_placeholder\":true,\"num\":1}]",
                                      "4510-3[\"echo\"]",
                                      "461-7[]",
                                      "40/nowhere,",
                                      "43[1]",
                                      "b4AQID",
                                      "bAQID"};

struct Client {
  EngineIoServer* engine = nullptr;
  std::string sid;
  std::string_view eio = "4";
  SessionId session;
  bool jsonp = false;
  bool base64 = false;
};

class World {
 public:
  World() {
    echo_.attach(bare_);
    application_.attach(socketio_);
    socketio_.attach(engine_);
  }

  void play(Script& script) {
    while (!script.done()) {
      step(script);
      sessions_.reap();
      check();
    }
    finish();
  }

 private:
  void step(Script& script) {
    const std::uint8_t action = script.byte();
    Client& client = clients_[script.byte() % kClients];
    const std::uint32_t number = script.byte();
    switch (action % 12) {
      case 0:
        return forget(client, script.byte());
      case 1:
      case 2:
        return get(client, number);
      case 3:
        return post_head(client, number, script);
      case 4:
        return post_body(number);
      case 5:
        return upgrade(client, number);
      case 6:
      case 7:
      case 8:
        return say(number, script);
      case 9:
        return connection_ends(number, script.byte());
      case 10:
        return choke(number);
      default:
        return pass_time(number);
    }
  }

  /// The next request of this client begins a new session, of another kind.
  void forget(Client& client, std::uint8_t kind) {
    client = Client{};
    client.engine = (kind & 8) != 0 ? &bare_ : &engine_;
    client.eio = (kind & 1) != 0 ? "3" : "4";
    client.base64 = (kind & 2) != 0;
    client.jsonp = (kind & 4) != 0;
  }
  [[nodiscard]] static EngineIoQuery query(const Client& client, std::string_view transport) {
    return {client.eio, transport, client.sid, client.jsonp ? "7" : "", "", client.base64};
  }
  void greet(Client& client, SessionId session) {
    if (!session || !client.sid.empty()) return;
    client.session = session;
    client.sid = client.engine->sid(session);
  }
  [[nodiscard]] Line* idle_line(const Client& client, std::uint32_t number) {
    Line& line = wire_.line(number);
    return line.use == Use::idle && client.engine != nullptr ? &line : nullptr;
  }
  void serve(Line& line, const Client& client, SessionId session, Use use) {
    line.use = use;
    line.engine = client.engine;
    line.session = session;
    line.jsonp = client.jsonp && client.eio == "3";
    line.revision = client.eio == "3" ? EngineIoRevision::v3 : EngineIoRevision::v4;
  }

  void get(Client& client, std::uint32_t number) {
    Line* line = idle_line(client, number);
    if (line == nullptr) return;
    const auto reaction = client.engine->request(
        {EngineIoMethod::get, query(client, "polling"), wire_.id(number), "", 0}, now_);
    serve(*line, client, reaction.session, Use::idle);
    if (reaction.next == EngineIoServer::Next::hang) {
      line->use = Use::hanging;
    } else {
      fuzz::Wire::check_poll_answer(reaction.answer, line->revision, line->jsonp);
    }
    greet(client, reaction.session);
  }
  void post_head(Client& client, std::uint32_t number, Script& script) {
    Line* line = idle_line(client, number);
    if (line == nullptr) return;
    const bool binary = script.byte() % 8 == 0;
    std::string body = script.text(kSaid, std::size(kSaid));
    if (client.eio == "4") body += '\x1e' + script.text(kSaid, std::size(kSaid));
    if (client.eio == "3" && !binary) body = std::to_string(body.size()) + ":" + body;
    if (client.jsonp && client.eio == "3") body = "d=" + body;
    const auto reaction =
        client.engine->request({EngineIoMethod::post, query(client, "polling"), wire_.id(number),
                                binary ? "application/octet-stream" : "", body.size()},
                               now_);
    if (reaction.next != EngineIoServer::Next::read_body) return;
    serve(*line, client, reaction.session, Use::reading);
    line->binary_body = binary;
    line->body = body;
  }
  void post_body(std::uint32_t number) {
    Line& line = wire_.line(number);
    if (line.use != Use::reading) return;
    std::vector<char> body(line.body.begin(), line.body.end());
    const auto answer = line.engine->post_body(line.session, line.binary_body, body, now_);
    require(answer.status == 200 || answer.status == 400, "a body is taken or refused");
    if (line.use == Use::reading) line.use = Use::idle;
  }

  void upgrade(Client& client, std::uint32_t number) {
    Line* line = idle_line(client, number);
    if (line == nullptr) return;
    const auto decision =
        client.engine->upgrade({query(client, "websocket"), "", wire_.id(number)}, now_);
    if (decision.verdict != UpgradeVerdict::accept) return;
    require(sessions_.alive(decision.session), "an accepted upgrade has a session");
    serve(*line, client, decision.session, Use::websocket);
    greet(client, decision.session);
    client.engine->websocket_open(decision.session, wire_.id(number), now_);
  }
  void say(std::uint32_t number, Script& script) {
    Line& line = wire_.line(number);
    if (line.use != Use::websocket) return;
    const bool binary = script.byte() % 4 == 0;
    std::string text = script.text(kSaid, std::size(kSaid));
    if (binary && line.revision == EngineIoRevision::v3) text.insert(0, 1, '\x04');
    std::vector<char> bytes(text.begin(), text.end());
    line.engine->websocket_message(line.session, wire_.id(number), binary, bytes, now_);
  }

  /// Mostly the client's doing; sometimes the server's.
  void connection_ends(std::uint32_t number, std::uint8_t how) {
    if (how % 4 == 0) {
      return sessions_.close(sessions_.at(number % kSessions), CloseReason::shutdown);
    }
    Line& line = wire_.line(number);
    const ConnectionId id = wire_.id(number);
    const Line gone = line;
    fuzz::Wire::reset(line);
    if (gone.use != Use::idle) gone.engine->connection_closed(gone.session, id);
  }
  void choke(std::uint32_t number) {
    Line& line = wire_.line(number);
    line.choked = !line.choked && line.use == Use::websocket;
    if (!line.choked && line.use == Use::websocket) line.engine->writable(line.session);
  }
  void pass_time(std::uint32_t number) {
    static constexpr std::int64_t kSteps[] = {0, 0, 0, 1, 50, 100, 250, 1000, 10000};
    now_ += Duration(kSteps[number % std::size(kSteps)]);
    engine_.expire(now_);
    bare_.expire(now_);
    socketio_.expire(now_);
    sessions_.reap();
    sessions_.flush_dirty();
    for (std::uint32_t i = 0; i < fuzz::Wire::kLines; ++i) check_flushed(wire_.line(i));
  }

  /// Nothing waits at the end of a turn that could have gone.
  void check_flushed(const Line& line) {
    if (line.engine == nullptr || !sessions_.alive(line.session)) return;
    const bool carries = line.use == Use::hanging || (line.use == Use::websocket && !line.choked &&
                                                      line.engine->over_websocket(line.session));
    require(!carries || sessions_.outbox(line.session).empty(), "a turn's messages leave with it");
  }

  void check() {
    std::array<bool, 64> used{};
    std::fill_n(used.begin(), kControlFrames, true);  // allocated before all others
    std::size_t alive = 0;
    for (std::uint32_t i = 0; i < kSessions; ++i) {
      const SessionId session = sessions_.at(i);
      if (!session) continue;
      ++alive;
      const Outbox& outbox = sessions_.outbox(session);
      for (std::size_t at = 0; at < outbox.size(); ++at) used[outbox.at(at)] = true;
    }
    const auto held = static_cast<std::size_t>(std::count(used.begin(), used.end(), true));
    const std::size_t in_use = frames_.small_gauge().in_use + frames_.large_gauge().in_use;
    require(in_use == held, "every frame in use is in a queue");
    require(sessions_.gauge().in_use == alive, "the gauge counts the living");
    require(assemblies_.gauge().in_use <= alive, "buffers are held by the living");
  }

  void finish() {
    for (std::uint32_t i = 0; i < kSessions; ++i) {
      sessions_.close(sessions_.at(i), CloseReason::shutdown);
    }
    sessions_.reap();
    check();
    require(sessions_.gauge().in_use == 0, "every session has ended");
    require(assemblies_.gauge().in_use == 0, "every buffer is given back");
    require(echo_.open_count() == 0 && application_.in_count() == 0, "everybody heard of it");
    const Instant due = std::min({engine_.next_due(), bare_.next_due(), socketio_.next_due()});
    require(due == kNever, "no deadline is left");
  }

  static EngineIoOptions engine_options() {
    EngineIoOptions options;
    options.ping_interval = Duration(300);
    options.ping_timeout = Duration(200);
    options.v3_ping_timeout = Duration(200);
    options.upgrade_timeout = Duration(400);
    options.max_payload_bytes = kMaxPayload;
    options.random = counted_bytes;
    return options;
  }
  static SocketIoOptions socketio_options() {
    static constexpr std::string_view kNamespaces[] = {"/", "/ward"};
    SocketIoOptions options;
    options.namespaces = kNamespaces;
    options.connect_timeout = Duration(1000);
    options.max_message_bytes = kMaxPayload;
    options.messages_per_10s = 60;
    options.random = counted_bytes;
    return options;
  }

  FramePool frames_{
      {.small_frames = 18, .small_bytes = 160, .large_frames = 3, .large_bytes = kLargeBytes}};
  SessionTable sessions_{{.sessions = kSessions, .queue_messages = 6, .queue_bytes = 900}, frames_};
  AssemblyPool assemblies_{2, 2 * kMaxPayload};
  fuzz::Wire wire_;
  Echo echo_{sessions_};
  EngineIoServer bare_{engine_options(), sessions_, wire_, echo_};
  Application application_{sessions_};
  SocketIoServer socketio_{socketio_options(), sessions_, assemblies_, application_};
  EngineIoServer engine_{engine_options(), sessions_, wire_, socketio_};
  std::array<Client, kClients> clients_;
  Instant now_{};
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ids_given = 0;
  Script script(fuzz::text_of(data, size));
  World world;
  world.play(script);
  return 0;
}
