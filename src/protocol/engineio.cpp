#include "protocol/engineio.h"

#include "protocol/base64.h"
#include "protocol/json.h"
#include "protocol/utf8.h"

namespace bellhop {

namespace {

[[nodiscard]] std::optional<EngineIoPacket> decode_base64_message(std::span<char> text) {
  const auto bytes = base64_decode({text.data(), text.size()}, text);
  if (!bytes) return std::nullopt;
  return EngineIoPacket{EngineIoPacketType::message, true, *bytes};
}

}  // namespace

std::optional<EngineIoPacket> engineio_decode_text(EngineIoRevision revision,
                                                   std::span<char> text) {
  if (text.empty()) return std::nullopt;
  const char type = text.front();
  if (type == 'b') {
    if (revision == EngineIoRevision::v4) return decode_base64_message(text.subspan(1));
    if (text.size() < 2 || text[1] != '4') return std::nullopt;
    return decode_base64_message(text.subspan(2));
  }
  if (type < '0' || type > '6') return std::nullopt;
  const std::string_view data(text.data() + 1, text.size() - 1);
  if (!utf8_valid(data)) return std::nullopt;
  return EngineIoPacket{static_cast<EngineIoPacketType>(type), false, data};
}

std::optional<EngineIoPacket> engineio_decode_binary(EngineIoRevision revision,
                                                     std::string_view bytes) {
  if (revision == EngineIoRevision::v3) {
    if (!bytes.starts_with('\x04')) return std::nullopt;
    bytes.remove_prefix(1);
  }
  return EngineIoPacket{EngineIoPacketType::message, true, bytes};
}

std::optional<std::string_view> engineio_write_handshake(const EngineIoHandshake& handshake,
                                                         std::span<char> out) {
  JsonWriter json(out);
  json.raw("{\"sid\":").string(handshake.sid);
  json.raw(",\"upgrades\":").raw(handshake.offers_websocket ? "[\"websocket\"]" : "[]");
  json.raw(",\"pingInterval\":").number(handshake.ping_interval_ms);
  json.raw(",\"pingTimeout\":").number(handshake.ping_timeout_ms);
  json.raw(",\"maxPayload\":").number(static_cast<std::int64_t>(handshake.max_payload_bytes));
  json.raw("}");
  if (!json.ok()) return std::nullopt;
  return json.text();
}

}  // namespace bellhop
