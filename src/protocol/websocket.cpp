#include "protocol/websocket.h"

namespace bellhop {

void websocket_write_header(WebSocketOpcode opcode, std::size_t payload_bytes, char* out) {
  constexpr unsigned kFin = 0x80;
  const std::size_t size = websocket_header_size(payload_bytes);
  const std::size_t length_bytes = size - 2;
  *out++ = static_cast<char>(kFin | static_cast<unsigned>(opcode));
  *out++ = static_cast<char>(length_bytes == 0 ? payload_bytes : length_bytes == 2 ? 126U : 127U);
  const auto length = static_cast<std::uint64_t>(payload_bytes);
  for (std::size_t i = length_bytes; i > 0; --i) {
    *out++ = static_cast<char>(length >> (8 * (i - 1)) & 0xFFU);
  }
}

}  // namespace bellhop
