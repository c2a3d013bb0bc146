#pragma once
// Socket.IO protocol revisions 5 (clients 3.x, 4.x) and 4 (clients 1.x, 2.x): the packet inside an
// Engine.IO message: <type>[<attachments>-][<namespace>,][<ack id>][<json>]
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace bellhop {

enum class SocketIoPacketType : char {
  connect = '0',
  disconnect = '1',
  event = '2',
  ack = '3',
  connect_error = '4',
  binary_event = '5',
  binary_ack = '6',
};

struct SocketIoPacket {
  SocketIoPacketType type = SocketIoPacketType::event;
  std::uint8_t attachments = 0;  ///< binary messages that follow, 1..kMaxAttachments
  std::string_view nsp = "/";    ///< without a query (`/x?a=b` of revision 4 gives `/x`)
  std::optional<std::uint64_t> ack_id;
  std::string_view json;  ///< raw, checked; empty when the packet has none
};

/// As the stock parser's default: more than this many binary attachments closes the transport.
inline constexpr std::uint8_t kMaxAttachments = 10;

/// Decodes and checks one packet: syntax, namespace (UTF-8 without control characters), JSON
/// (nesting at most max_json_depth), and the payload each type may carry: EVENT a non-empty array
/// whose first element is a number, or a string other than the six names at the head of the list
/// below; ACK an array, CONNECT an object or none, DISCONNECT none, CONNECT_ERROR an object or
/// string. nullopt = undecodable; the caller closes the transport.
/// An EVENT or ACK without any JSON is decoded with empty `json`: clients' stock servers ignore it.
[[nodiscard]] std::optional<SocketIoPacket> socketio_decode(std::string_view text,
                                                            unsigned max_json_depth);

/// True when every {"_placeholder":true,"num":N} of `json` has N below `attachments`.
[[nodiscard]] bool socketio_placeholders_valid(std::string_view json, std::uint8_t attachments);

/// Names no server may emit: connect, connect_error, disconnect, disconnecting, newListener,
/// removeListener close a 4.x client ("parse error") and spoof its state in 2.x; error, ping,
/// pong, connecting, connect_timeout and reconnect* are 2.x's own local events.
[[nodiscard]] bool socketio_event_reserved(std::string_view name);

/// Writes everything in front of the JSON, with the Engine.IO message digit: `4` + type +
/// attachments + namespace + ack id. nullopt when out is too small.
[[nodiscard]] std::optional<std::string_view> socketio_write_header(const SocketIoPacket& packet,
                                                                    std::span<char> out);

}  // namespace bellhop
