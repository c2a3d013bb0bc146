#include "session/transport.h"

#include <array>

namespace bellhop {

WebSocketClose websocket_close_code(CloseReason reason) {
  switch (reason) {
    case CloseReason::protocol_error:
      return WebSocketClose::protocol_error;
    case CloseReason::message_too_big:
      return WebSocketClose::message_too_big;
    case CloseReason::flooding:
    case CloseReason::token_ended:
      return WebSocketClose::policy_violation;
    case CloseReason::slow_reader:
    case CloseReason::out_of_memory:
      return WebSocketClose::try_again_later;
    case CloseReason::ping_timeout:
    case CloseReason::shutdown:
      return WebSocketClose::going_away;
    default:
      return WebSocketClose::normal;
  }
}

void write_queued(Transport& transport, ConnectionId connection, FramePool& frames, Outbox& outbox,
                  std::size_t count) {
  std::array<std::string_view, Outbox::kCapacity> wires;
  for (std::size_t i = 0; i < count; ++i) wires[i] = frames.wire(outbox.at(i));
  transport.write(connection, {wires.data(), count});
  outbox.pop(frames, count);
}

}  // namespace bellhop
