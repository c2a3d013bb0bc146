#pragma once
// WebSocket framing (RFC 6455 section 5.2) of messages from server to client: unmasked, whole.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bellhop {

enum class WebSocketOpcode : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

inline constexpr std::size_t kWebSocketHeaderMax = 10;

/// Bytes the header of a payload of `payload_bytes` takes: 2, 4 or 10.
[[nodiscard]] constexpr std::size_t websocket_header_size(std::size_t payload_bytes) {
  return payload_bytes < 126 ? 2 : payload_bytes < 65536 ? 4 : 10;
}

/// Writes a FIN frame's header to `out`, which holds websocket_header_size() bytes.
void websocket_write_header(WebSocketOpcode opcode, std::size_t payload_bytes, char* out);

}  // namespace bellhop
