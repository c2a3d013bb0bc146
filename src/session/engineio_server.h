#pragma once
// Engine.IO sessions, protocol revisions 4 and 3: handshake, long polling, WebSocket, upgrade,
// heartbeats. Pure: bytes and `now` come in, answers go out through Transport.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/deadline_queue.h"
#include "base/fixed_array.h"
#include "base/handle.h"
#include "base/instant.h"
#include "protocol/engineio.h"
#include "protocol/http.h"
#include "session/session_table.h"
#include "session/transport.h"
#include "session/websocket_endpoint.h"

namespace bellhop {

struct EngineIoOptions {
  Duration ping_interval{25000};
  Duration ping_timeout{20000};
  Duration v3_ping_timeout{20000};  ///< what revision 3 clients are told and given
  Duration upgrade_timeout{10000};
  std::size_t max_payload_bytes = 65536;
  /// Least time between two frames to one WebSocket. Zero, as it should be, lets all that is queued
  /// leave together; some test clients lose the second of two messages they read at once.
  Duration frame_spacing{0};
  /// Fills with unguessable bytes (session ids).
  void (*random)(std::span<char> out) = nullptr;
};

enum class EngineIoMethod : std::uint8_t { get, post, other };

/// What the layer above an Engine.IO session hears.
class EngineIoHandler {
 public:
  /// A session is made; on_open() follows, unless it ends before. `token` is the query's.
  virtual void on_handshake(SessionId session, std::string_view token, Instant now) = 0;
  virtual void on_open(SessionId session, Instant now) = 0;
  /// One message; `data` is valid during the call and may be changed by it.
  virtual void on_message(SessionId session, const EngineIoPacket& message, Instant now) = 0;
  /// Once for each session of on_open().
  virtual void on_ended(SessionId session, CloseReason reason) = 0;

 protected:
  ~EngineIoHandler() = default;
};

class EngineIoServer final : public SessionDriver, public WebSocketEndpoint {
 public:
  EngineIoServer(const EngineIoOptions& options, SessionTable& sessions, Transport& transport,
                 EngineIoHandler& handler);
  EngineIoServer(const EngineIoServer&) = delete;
  EngineIoServer& operator=(const EngineIoServer&) = delete;

  // --- HTTP long polling ---------------------------------------------------------------------

  struct Request {
    EngineIoMethod method = EngineIoMethod::get;
    EngineIoQuery query;
    ConnectionId connection;
    std::string_view content_type;  ///< of a POST; empty = text
    std::size_t body_bytes = 0;     ///< announced length of a POST body
    [[nodiscard]] bool binary() const { return content_type == "application/octet-stream"; }
  };
  enum class Next : std::uint8_t {
    answer,     ///< send the answer now
    hang,       ///< a GET waits: transport.answer() will end it
    read_body,  ///< read the POST's body, then call post_body()
  };
  struct Reaction {
    Next next = Next::answer;
    HttpAnswer answer;
    SessionId session;
  };

  /// The head of a request that is no WebSocket upgrade.
  [[nodiscard]] Reaction request(const Request& request, Instant now);
  /// The whole body of the POST that request() let in; decoded in place.
  [[nodiscard]] HttpAnswer post_body(SessionId session, bool binary, std::span<char> body,
                                     Instant now);

  // --- WebSocket ------------------------------------------------------------------------------

  [[nodiscard]] UpgradeDecision upgrade(const UpgradeRequest& request, Instant now) override;
  void websocket_open(SessionId session, ConnectionId connection, Instant now) override;
  void websocket_message(SessionId session, ConnectionId connection, bool binary,
                         std::span<char> bytes, Instant now) override;
  void websocket_pong(SessionId, Instant) override {}  // Engine.IO has pongs of its own
  [[nodiscard]] bool websocket_too_big(SessionId, Instant) override { return false; }
  void writable(SessionId session) override {
    if (sessions_.alive(session)) sessions_.wake(session);
  }
  void connection_closed(SessionId session, ConnectionId connection,
                         CloseReason reason = CloseReason::connection_lost) override;

  // --- Time ------------------------------------------------------------------------------------

  [[nodiscard]] Instant next_due() const;
  void expire(Instant now);

  // --- Sessions ----------------------------------------------------------------------------------

  /// The session id clients know, 20 characters; valid while the session lives.
  [[nodiscard]] std::string_view sid(SessionId session) const;
  [[nodiscard]] EngineIoRevision revision(SessionId session) const;
  [[nodiscard]] bool over_websocket(SessionId session) const;

  void flush(SessionId session) override;
  void ended(SessionId session, CloseReason reason) override;

 private:
  static constexpr std::size_t kSidBytes = 15;
  static constexpr std::size_t kSidSize = 20;  ///< base64url_size(kSidBytes)
  enum class Carrier : std::uint8_t { polling, websocket };

  struct State {
    std::array<char, kSidSize> sid;
    ConnectionId poll;       ///< the hanging GET
    ConnectionId post;       ///< the POST whose body is on its way
    ConnectionId socket;     ///< carries the session, once upgraded
    ConnectionId candidate;  ///< the WebSocket that is probing
    std::uint32_t jsonp_index = 0;
    EngineIoRevision revision = EngineIoRevision::v4;
    Carrier carrier = Carrier::polling;
    bool base64 = false;
    bool jsonp = false;
    bool probed = false;  ///< the candidate has sent its probe
    bool probe_answer_due = false;
    bool noop_due = false;  ///< the hanging GET is to be ended for the upgrade
    bool opened = false;    ///< the handler has heard of it, and frames may go out
  };
  [[nodiscard]] State& state(SessionId session) { return states_[session.index]; }
  [[nodiscard]] const State& state(SessionId session) const { return states_[session.index]; }

  [[nodiscard]] std::optional<HttpAnswer> check_query(const EngineIoQuery& query) const;
  [[nodiscard]] SessionId find(std::string_view sid) const;
  [[nodiscard]] SessionId open(const EngineIoQuery& query, Instant now);
  [[nodiscard]] std::string_view handshake(SessionId session, bool offers_websocket);
  [[nodiscard]] Reaction open_polling(const Request& request, Instant now);
  [[nodiscard]] Reaction get(SessionId session, const Request& request, Instant now);
  [[nodiscard]] Reaction post(SessionId session, const Request& request);
  void note_jsonp(SessionId session, const EngineIoQuery& query);
  [[nodiscard]] UpgradeDecision upgrade_existing(SessionId session, ConnectionId connection,
                                                 Instant now);

  void on_packet(SessionId session, const EngineIoPacket& packet, Instant now);
  void on_ping(SessionId session, const EngineIoPacket& packet, Instant now);
  void on_pong(SessionId session, Instant now);
  void on_candidate_message(SessionId session, bool binary, std::string_view text, Instant now);
  void answer_probe(SessionId session);
  void complete_upgrade(SessionId session);
  void drop_candidate(SessionId session);
  void forget_candidate(SessionId session);
  void arm_heartbeat(SessionId session, Instant now);

  [[nodiscard]] EngineIoPacket packet_of(SessionId session, FrameRef frame) const;
  [[nodiscard]] PayloadForm payload_form(SessionId session, std::size_t packets) const;
  [[nodiscard]] HttpAnswer take_poll_answer(SessionId session);
  [[nodiscard]] HttpAnswer poll_answer(SessionId session, PayloadForm form,
                                       std::string_view payload);
  [[nodiscard]] HttpAnswer poll_answer(SessionId session, EngineIoPacketType type,
                                       std::string_view data = {});
  void end_poll(SessionId session, const HttpAnswer& answer);
  void flush_polling(SessionId session);
  void flush_websocket(SessionId session);
  void write_frames(SessionId session, std::size_t most);
  void write_frame_as_text(SessionId session, FrameRef frame);
  [[nodiscard]] FrameRef text_frame(std::string_view payload);

  EngineIoOptions options_;
  SessionTable& sessions_;
  Transport& transport_;
  EngineIoHandler& handler_;
  FixedArray<State> states_;
  FixedArray<char> payload_buffer_;  ///< one poll answer at a time is composed here
  FixedArray<char> jsonp_buffer_;
  FrameRef ping_frame_;
  FrameRef pong_frame_;
  FrameRef probe_answer_frame_;
  DeadlineQueue ping_due_;     ///< v4: when to send the next ping
  DeadlineQueue pong_due_;     ///< v4: when a pong must have come
  DeadlineQueue v3_ping_due_;  ///< v3: when the client's next ping must have come
  DeadlineQueue upgrade_due_;  ///< when the candidate must have sent its upgrade packet
  DeadlineQueue noop_due_;     ///< paces the noops that end further polls during an upgrade
  DeadlineQueue spacing_due_;  ///< when the next frame may go, with frame_spacing
  Instant now_{};              ///< when expire() last ran, for flush()
};

}  // namespace bellhop
