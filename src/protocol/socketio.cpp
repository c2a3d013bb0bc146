#include "protocol/socketio.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "protocol/json.h"
#include "protocol/json_scan.h"
#include "protocol/utf8.h"

namespace bellhop {

namespace {

[[nodiscard]] bool is_binary(SocketIoPacketType type) {
  return type == SocketIoPacketType::binary_event || type == SocketIoPacketType::binary_ack;
}

/// Reads the digits in front of `rest`; false when there are none or too many for Number.
template <class Number>
[[nodiscard]] bool take_number(std::string_view& rest, Number& number) {
  const char* const end = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data(), end, number);
  if (error != std::errc{}) return false;
  rest = {stop, end};
  return true;
}

[[nodiscard]] bool take_attachments(std::string_view& rest, std::uint8_t& attachments) {
  if (!take_number(rest, attachments) || !rest.starts_with('-')) return false;
  rest.remove_prefix(1);
  return attachments >= 1 && attachments <= kMaxAttachments;
}

/// A namespace is echoed in answers, where a control character could end a packet early.
[[nodiscard]] bool namespace_valid(std::string_view nsp) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  return utf8_valid(nsp) && std::none_of(nsp.begin(), nsp.end(), control);
}

[[nodiscard]] bool take_namespace(std::string_view& rest, std::string_view& nsp) {
  if (!rest.starts_with('/')) return true;
  const std::size_t comma = std::min(rest.find(','), rest.size());
  nsp = rest.substr(0, comma);
  nsp = nsp.substr(0, nsp.find('?'));
  rest.remove_prefix(std::min(comma + 1, rest.size()));
  return namespace_valid(nsp);
}

/// A text of digits alone is an ack id, as clients' stock parsers read it.
[[nodiscard]] bool take_ack_id(std::string_view& rest, std::optional<std::uint64_t>& ack_id) {
  if (rest.empty() || !json_scan::is_digit(rest.front())) return true;
  return take_number(rest, ack_id.emplace());
}

/// The names stock parsers refuse in either direction. The longer list of
/// socketio_event_reserved() is for what a server emits: a 4.x page may well emit "ping".
[[nodiscard]] bool refused_from_client(std::string_view literal) {
  constexpr std::array<std::string_view, 6> kNames = {
      "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
  return std::any_of(kNames.begin(), kNames.end(), [literal](std::string_view name) {
    return json_scan::literal_is(literal, name);
  });
}

[[nodiscard]] bool event_payload_valid(std::string_view json) {
  if (json_type(json) != JsonType::array) return false;
  JsonElements elements(json);
  std::string_view name;
  if (!elements.next(name)) return false;
  if (json_type(name) == JsonType::number) return true;
  return json_type(name) == JsonType::string && !refused_from_client(name);
}

[[nodiscard]] bool payload_valid(SocketIoPacketType type, std::string_view json) {
  const bool none = json.empty();
  switch (type) {
    case SocketIoPacketType::connect:
      return none || json_type(json) == JsonType::object;
    case SocketIoPacketType::disconnect:
      return none;
    case SocketIoPacketType::event:
      return none || event_payload_valid(json);
    case SocketIoPacketType::ack:
      return none || json_type(json) == JsonType::array;
    case SocketIoPacketType::connect_error:
      return !none && (json_type(json) == JsonType::object || json_type(json) == JsonType::string);
    case SocketIoPacketType::binary_event:
      return !none && event_payload_valid(json);
    case SocketIoPacketType::binary_ack:
      return !none && json_type(json) == JsonType::array;
  }
  return false;
}

}  // namespace

std::optional<SocketIoPacket> socketio_decode(std::string_view text, unsigned max_json_depth) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
  SocketIoPacket packet;
  packet.type = static_cast<SocketIoPacketType>(text.front());
  text.remove_prefix(1);
  if (is_binary(packet.type) && !take_attachments(text, packet.attachments)) return std::nullopt;
  if (!take_namespace(text, packet.nsp)) return std::nullopt;
  if (!take_ack_id(text, packet.ack_id)) return std::nullopt;
  if (!text.empty() && json_check(text, max_json_depth)) return std::nullopt;
  packet.json = json_trim(text);
  if (!payload_valid(packet.type, packet.json)) return std::nullopt;
  return packet;
}

bool socketio_event_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 16> kNames = {"connect",
                                                       "connect_error",
                                                       "connect_timeout",
                                                       "connecting",
                                                       "disconnect",
                                                       "disconnecting",
                                                       "error",
                                                       "newListener",
                                                       "ping",
                                                       "pong",
                                                       "reconnect",
                                                       "reconnect_attempt",
                                                       "reconnect_error",
                                                       "reconnect_failed",
                                                       "reconnecting",
                                                       "removeListener"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::optional<std::string_view> socketio_write_header(const SocketIoPacket& packet,
                                                      std::span<char> out) {
  const char type = static_cast<char>(packet.type);
  JsonWriter header(out);
  header.raw("4").raw({&type, 1});
  if (is_binary(packet.type)) header.number(packet.attachments).raw("-");
  if (packet.nsp != "/") header.raw(packet.nsp).raw(",");
  if (packet.ack_id) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), *packet.ack_id).ptr;
    header.raw({digits.data(), end});
  }
  if (!header.ok()) return std::nullopt;
  return header.text();
}

}  // namespace bellhop
