#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The bytes this program says and expects: HTTP/1.1 requests, WebSocket frames (RFC 6455 section 5)
// and the few Engine.IO 4 / Socket.IO 5 packets a member of a room needs.
namespace bellhop::load {

inline constexpr std::string_view kRoom = "bench";
inline constexpr std::string_view kEvent = "bench";
inline constexpr std::size_t kPayloadBytes = 200;  // length of `data`, the same for every server

inline constexpr unsigned kTextFrame = 1;
inline constexpr unsigned kCloseFrame = 8;
inline constexpr unsigned kPingFrame = 9;
inline constexpr unsigned kPongFrame = 10;

// `target` is the path with its query.
std::string upgrade_request(int port, std::string_view target);

// Masking keys. All zeros leaves the payload as it is, and the floor knows no other; servers that
// look for zeros skip their work, so whoever measures what arrives takes the other one.
inline constexpr std::array<unsigned char, 4> kNoMask{};
inline constexpr std::array<unsigned char, 4> kMask{0x37, 0xFA, 0x21, 0x3D};

// A whole masked client frame; payloads up to 65535 bytes.
std::string client_frame(unsigned opcode, std::string_view payload,
                         const std::array<unsigned char, 4>& mask = kNoMask);

// The `data` of message `number` (ten digits), kPayloadBytes long.
std::string push_data(std::uint64_t number);
std::string push_request(int port, std::uint64_t number);

// The number of a pushed event packet, all other bytes compared; 0 when it is anything else.
std::uint64_t event_number(std::string_view packet);

enum class Parse { complete, partial, broken };

struct ServerFrame {
  unsigned opcode = 0;
  std::string_view payload;
  std::size_t size = 0;  // bytes taken from the input, header included
};

// The first frame of `bytes`; its payload points into them.
Parse parse_server_frame(std::string_view bytes, ServerFrame& frame);

struct HttpAnswer {
  int status = 0;
  std::size_t size = 0;  // bytes taken from the input, head and body
};

// The first answer of `bytes`; `broken` also for an answer without Content-Length.
Parse parse_http_answer(std::string_view bytes, HttpAnswer& answer);

}  // namespace bellhop::load
