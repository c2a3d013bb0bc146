#include "protocol/websocket.h"

#include <array>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(WebSocket) {
  std::array<char, kWebSocketHeaderMax> out{};
  std::string_view header(WebSocketOpcode opcode, std::size_t payload_bytes) {
    websocket_write_header(opcode, payload_bytes, out.data());
    return {out.data(), websocket_header_size(payload_bytes)};
  }
};

TEST(WebSocket, ShortLengthsAreInTheSecondByte) {
  CHECK_EQUAL("\x81\x00"sv, header(WebSocketOpcode::text, 0));
  CHECK_EQUAL("\x82\x7d"sv, header(WebSocketOpcode::binary, 125));
}

TEST(WebSocket, MediumLengthsTakeTwoMoreBytes) {
  CHECK_EQUAL("\x81\x7e\x00\x7e"sv, header(WebSocketOpcode::text, 126));
  CHECK_EQUAL("\x81\x7e\xff\xff"sv, header(WebSocketOpcode::text, 65535));
}

TEST(WebSocket, LongLengthsTakeEightMoreBytes) {
  CHECK_EQUAL("\x82\x7f\0\0\0\0\0\x01\0\0"sv, header(WebSocketOpcode::binary, 65536));
  CHECK_EQUAL("\x82\x7f\0\0\0\0\x12\x34\x56\x78"sv, header(WebSocketOpcode::binary, 0x12345678));
}

TEST(WebSocket, ControlFramesHaveTheirOpcode) {
  CHECK_EQUAL("\x88\x02"sv, header(WebSocketOpcode::close, 2));
  CHECK_EQUAL("\x89\x00"sv, header(WebSocketOpcode::ping, 0));
  CHECK_EQUAL("\x8a\x05"sv, header(WebSocketOpcode::pong, 5));
}

TEST(WebSocket, WritesNoFurtherThanItsSize) {
  out.fill('#');
  websocket_write_header(WebSocketOpcode::text, 5, out.data());
  LONGS_EQUAL('#', out[2]);
  websocket_write_header(WebSocketOpcode::text, 500, out.data());
  LONGS_EQUAL('#', out[4]);
}
