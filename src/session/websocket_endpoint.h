#pragma once
// What the edge does with a WebSocket: one endpoint a path.
#include <cstdint>
#include <span>
#include <string_view>

#include "base/handle.h"
#include "base/instant.h"
#include "protocol/engineio.h"
#include "protocol/http.h"
#include "session/session_table.h"

namespace bellhop {

/// What an upgrade request says. Views are valid during the call.
struct UpgradeRequest {
  EngineIoQuery query;
  std::string_view token;  ///< from the query, the cookie USERTOKEN or `Authorization: Bearer`
  ConnectionId connection;
};

enum class UpgradeVerdict : std::uint8_t {
  accept,
  accept_then_close,  ///< 101 and a close frame: what clients of a finished upgrade expect
  refuse,             ///< answer with the HTTP error instead of 101
};
struct UpgradeDecision {
  UpgradeVerdict verdict = UpgradeVerdict::refuse;
  HttpAnswer error;
  SessionId session;
};

class WebSocketEndpoint {
 public:
  /// Decides about an upgrade request before it is answered. On accept a session is bound to the
  /// connection.
  [[nodiscard]] virtual UpgradeDecision upgrade(const UpgradeRequest& request, Instant now) = 0;
  /// The 101 is on its way: frames may be sent from now on.
  virtual void websocket_open(SessionId session, ConnectionId connection, Instant now) = 0;
  /// One whole message, decoded in place.
  virtual void websocket_message(SessionId session, ConnectionId connection, bool binary,
                                 std::span<char> bytes, Instant now) = 0;
  /// A pong has come.
  virtual void websocket_pong(SessionId session, Instant now) = 0;
  /// A message is longer than it may be and is not kept. True: its rest is skipped and the
  /// connection goes on; false: it is closed.
  [[nodiscard]] virtual bool websocket_too_big(SessionId session, Instant now) = 0;
  /// The session's WebSocket takes bytes again.
  virtual void writable(SessionId session) = 0;
  /// The connection is gone: a WebSocket, a hanging GET or a POST that never completed. `reason` is
  /// what its session ends for: client_closed after a close frame of code 1000 or none.
  virtual void connection_closed(SessionId session, ConnectionId connection,
                                 CloseReason reason) = 0;

 protected:
  ~WebSocketEndpoint() = default;
};

}  // namespace bellhop
