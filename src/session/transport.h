#pragma once
// The way out of a session: the edge, or a fake in tests.
#include <cstdint>
#include <span>
#include <string_view>

#include "base/handle.h"
#include "protocol/http.h"
#include "session/session_table.h"

namespace bellhop {

/// WebSocket close codes used here (RFC 6455 section 7.4.1).
enum class WebSocketClose : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  policy_violation = 1008,
  message_too_big = 1009,
  try_again_later = 1013,
};
[[nodiscard]] WebSocketClose websocket_close_code(CloseReason reason);

/// Connections are the edge's; ids of closed ones are ignored.
class Transport {
 public:
  /// Ends the hanging GET on `connection`.
  virtual void answer(ConnectionId connection, const HttpAnswer& answer) = 0;
  /// True when the WebSocket's earlier bytes have all left; otherwise writable() follows later.
  [[nodiscard]] virtual bool can_write(ConnectionId connection) = 0;
  /// Sends whole, ready-made frames in one write. Takes all of them.
  virtual void write(ConnectionId connection, std::span<const std::string_view> frames) = 0;
  /// Ends a connection: a WebSocket with a close frame of `code` and the reason, any other is cut.
  virtual void close(ConnectionId connection, WebSocketClose code, std::string_view reason) = 0;

 protected:
  ~Transport() = default;
};

/// Writes the first `count` frames of `outbox` in one go and takes them out.
void write_queued(Transport& transport, ConnectionId connection, FramePool& frames, Outbox& outbox,
                  std::size_t count);

}  // namespace bellhop
