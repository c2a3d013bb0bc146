#pragma once
// Call terminals: sessions whose only transport is one raw WebSocket. Admission, heartbeat and
// flood limit; what frames mean is the handler's.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/deadline_queue.h"
#include "base/fixed_array.h"
#include "base/handle.h"
#include "base/instant.h"
#include "base/rate_window.h"
#include "protocol/http.h"
#include "session/session_table.h"
#include "session/transport.h"
#include "session/websocket_endpoint.h"

namespace bellhop {

struct TerminalOptions {
  Duration ping_interval{25000};  ///< without a word from it a terminal is pinged
  Duration ping_timeout{20000};   ///< and given up when nothing comes for so long after that
  std::uint32_t messages_per_10s = 100;
};

/// What the layer above hears.
class TerminalHandler {
 public:
  /// Who has come: nullopt lets it in, else the HTTP answer in place of the upgrade.
  [[nodiscard]] virtual std::optional<HttpAnswer> on_admission(SessionId session,
                                                               std::string_view token,
                                                               Instant now) = 0;
  /// Frames may be sent from now on.
  virtual void on_open(SessionId session, Instant now) = 0;
  /// One text message; valid during the call.
  virtual void on_text(SessionId session, std::string_view text, Instant now) = 0;
  virtual void on_binary(SessionId session) = 0;
  virtual void on_too_big(SessionId session) = 0;
  /// Once for each session of on_open().
  virtual void on_ended(SessionId session, CloseReason reason) = 0;

 protected:
  ~TerminalHandler() = default;
};

class TerminalServer final : public SessionDriver, public WebSocketEndpoint {
 public:
  TerminalServer(const TerminalOptions& options, SessionTable& sessions, Transport& transport,
                 TerminalHandler& handler);
  TerminalServer(const TerminalServer&) = delete;
  TerminalServer& operator=(const TerminalServer&) = delete;

  [[nodiscard]] UpgradeDecision upgrade(const UpgradeRequest& request, Instant now) override;
  void websocket_open(SessionId session, ConnectionId connection, Instant now) override;
  void websocket_message(SessionId session, ConnectionId connection, bool binary,
                         std::span<char> bytes, Instant now) override;
  void websocket_pong(SessionId session, Instant now) override;
  [[nodiscard]] bool websocket_too_big(SessionId session, Instant now) override;
  void writable(SessionId session) override;
  void connection_closed(SessionId session, ConnectionId connection, CloseReason reason) override;

  [[nodiscard]] Instant next_due() const;
  void expire(Instant now);

  void flush(SessionId session) override;
  void ended(SessionId session, CloseReason reason) override;

  [[nodiscard]] std::uint64_t messages_received() const { return messages_received_; }

 private:
  struct State {
    ConnectionId connection;
    RateWindow rate;
    bool opened = false;
  };

  /// Something came: it is alive. False when it sends too much and is being closed.
  [[nodiscard]] bool heard(SessionId session, Instant now);
  void arm_heartbeat(SessionId session, Instant now);

  TerminalOptions options_;
  SessionTable& sessions_;
  Transport& transport_;
  TerminalHandler& handler_;
  FixedArray<State> states_;
  FrameRef ping_frame_;
  DeadlineQueue ping_due_;  ///< nothing has come: ask
  DeadlineQueue dead_due_;  ///< nothing has come since it was asked
  std::uint64_t messages_received_ = 0;
};

}  // namespace bellhop
