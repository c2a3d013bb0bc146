#pragma once
// Engine.IO protocol revisions 4 and 3: packets, HTTP long-polling payloads, handshake.
// Bytes in, values out; sessions and timers live in session/engineio_server.h.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace bellhop {

enum class EngineIoRevision : std::uint8_t { v3 = 3, v4 = 4 };

enum class EngineIoPacketType : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6',
};

/// The query parameters Engine.IO knows, percent-decoded; absent ones are empty.
struct EngineIoQuery {
  std::string_view eio;
  std::string_view transport;
  std::string_view sid;
  std::string_view jsonp;  ///< `j`
  std::string_view token;  ///< `token`: of the application
  bool base64 = false;     ///< `b64`: the client cannot take binary
};

struct EngineIoPacket {
  EngineIoPacketType type = EngineIoPacketType::noop;
  bool binary = false;    ///< only messages can be binary
  std::string_view data;  ///< after the type digit; for binary the bytes themselves
};

/// Decodes one packet of text `<type><data>`, as WebSocket text frames and payloads carry it.
/// Binary as base64 (`b<base64>`, in revision 3 `b4<base64>`) is decoded over its own bytes, hence
/// the mutable text. nullopt for an empty text, an unknown type, bad base64 or invalid UTF-8 (pongs
/// echo what came, and a frame of invalid text breaks the connection).
[[nodiscard]] std::optional<EngineIoPacket> engineio_decode_text(EngineIoRevision revision,
                                                                 std::span<char> text);

/// Decodes one WebSocket binary message: revision 4 is the data alone, revision 3 has a type byte
/// (4) in front. nullopt when that is missing or not a message.
[[nodiscard]] std::optional<EngineIoPacket> engineio_decode_binary(EngineIoRevision revision,
                                                                   std::string_view bytes);

/// How a polling payload is laid out.
/// v4: packets joined by U+001E, binary as b<base64>. v3_text: `<UTF-16 length>:<packet>`, binary
/// as b4<base64>. v3_binary: per packet 00|01, the byte length as digits of one byte each, ff,
/// data.
enum class PayloadForm : std::uint8_t { v4, v3_text, v3_binary };

/// Walks the packets of one request body, in place (base64 is decoded over its own text).
class PayloadReader {
 public:
  enum class Step : std::uint8_t { packet, end, malformed };

  PayloadReader(PayloadForm form, std::span<char> body) : form_(form), rest_(body) {}
  /// `end` only after at least one packet: an empty body is malformed.
  [[nodiscard]] Step next(EngineIoPacket& packet);

 private:
  [[nodiscard]] Step next_v4(EngineIoPacket& packet);
  [[nodiscard]] Step next_v3_text(EngineIoPacket& packet);
  [[nodiscard]] Step next_v3_binary(EngineIoPacket& packet);

  PayloadForm form_;
  std::span<char> rest_;
  bool any_ = false;
  bool more_ = true;  ///< v4: a separator promised another packet
};

/// Joins packets into one answer body. add() refuses a packet that does not fit and leaves the
/// payload as it was, so that the packet can go into the next answer.
class PayloadWriter {
 public:
  PayloadWriter(PayloadForm form, std::span<char> out) : form_(form), out_(out) {}
  [[nodiscard]] bool add(const EngineIoPacket& packet);
  [[nodiscard]] std::string_view payload() const { return {out_.data(), size_}; }

 private:
  [[nodiscard]] bool add_v4(const EngineIoPacket& packet);
  [[nodiscard]] bool add_v3_text(const EngineIoPacket& packet);
  [[nodiscard]] bool add_v3_binary(const EngineIoPacket& packet);
  [[nodiscard]] bool put(std::string_view bytes);
  [[nodiscard]] bool put_text(const EngineIoPacket& packet);
  [[nodiscard]] bool put_base64(std::string_view bytes);

  PayloadForm form_;
  std::span<char> out_;
  std::size_t size_ = 0;
};

struct EngineIoHandshake {
  std::string_view sid;
  bool offers_websocket = true;  ///< "upgrades":["websocket"], else []
  std::int64_t ping_interval_ms = 0;
  std::int64_t ping_timeout_ms = 0;
  std::size_t max_payload_bytes = 0;
};

/// The data of the open packet; exactly the five keys clients know. nullopt when out is too small.
[[nodiscard]] std::optional<std::string_view> engineio_write_handshake(
    const EngineIoHandshake& handshake, std::span<char> out);

/// JSONP (revision 3, clients 1.x to 3.x): `___eio[<index>](<payload as JSON string>);` with
/// U+2028 and U+2029 escaped. nullopt when out is too small.
[[nodiscard]] std::optional<std::string_view> jsonp_wrap(std::uint32_t index,
                                                         std::string_view payload,
                                                         std::span<char> out);

/// The payload inside a JSONP POST: form field `d`, percent-decoded, where `\n` (two characters)
/// is a line feed and `\\n` is `\n`. Decoded over its own bytes; nullopt when there is no `d` or
/// an escape is broken.
[[nodiscard]] std::optional<std::span<char>> jsonp_unwrap(std::span<char> body);

}  // namespace bellhop
