#pragma once
// An edge for whole terminals: a few WebSockets, each a terminal's or a page's, and a check of
// every frame that goes out: it is one that the seed's page can read.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.h"
#include "protocol/json.h"
#include "protocol/utf8.h"
#include "session/transport.h"
#include "session/websocket_endpoint.h"

namespace bellhop::fuzz {

struct Line {
  std::uint32_t generation = 1;
  WebSocketEndpoint* endpoint = nullptr;  ///< nullptr: nobody is there
  SessionId session;
  std::string user;  ///< of its token; empty: none
  bool page = false;
  bool open = false;  ///< the upgrade is answered
  bool choked = false;
  bool pinged = false;
  bool keeps = false;                 ///< frames are kept
  std::vector<std::string> received;  ///< their payloads
};

class TerminalsWire final : public Transport {
 public:
  static constexpr std::uint32_t kLines = 8;

  [[nodiscard]] Line& line(std::uint32_t index) { return lines_[index % kLines]; }
  [[nodiscard]] ConnectionId id(std::uint32_t index) const {
    return {index % kLines, lines_[index % kLines].generation};
  }

  void answer(ConnectionId, const HttpAnswer&) override { require(false, "nobody polls here"); }
  bool can_write(ConnectionId to) override {
    const Line* line = find(to);
    return line != nullptr && !line->choked;
  }
  void write(ConnectionId to, std::span<const std::string_view> frames) override {
    Line* line = find(to);
    require(line != nullptr && line->open, "frames go to an open WebSocket");
    require(!line->choked, "nothing is written while the wire is choked");
    for (const std::string_view frame : frames) take(*line, frame);
  }
  void close(ConnectionId of, WebSocketClose, std::string_view reason) override {
    Line* line = find(of);
    if (line == nullptr) return;
    require(reason.size() <= 64, "the reason fits into a close frame");
    require(!line->keeps, "who behaves well is never closed");
    reset(*line);
  }

  static void reset(Line& line) {
    const std::uint32_t next = line.generation + 1;
    line = Line{};
    line.generation = next;
  }

 private:
  [[nodiscard]] Line* find(ConnectionId id) {
    Line& line = lines_[id.index];
    return line.generation == id.generation && line.endpoint != nullptr ? &line : nullptr;
  }

  static void take(Line& line, std::string_view frame) {
    const auto byte = [frame](std::size_t i) { return static_cast<unsigned char>(frame[i]); };
    require(frame.size() >= 2 && byte(1) < 127, "a frame has a header");
    const std::size_t header = byte(1) < 126 ? 2 : 4;
    require(frame.size() >= header, "a whole header");
    const std::size_t size = header == 2 ? byte(1) : std::size_t{byte(2)} << 8 | byte(3);
    require(frame.size() == header + size, "the header tells the payload's length");
    const std::string_view payload = frame.substr(header);
    if (byte(0) == 0x89) {
      require(!line.page, "only terminals are pinged by WebSocket");
      line.pinged = true;
      return;
    }
    require(byte(0) == 0x81 && utf8_valid(payload), "a whole text message");
    if (line.page) {
      check_packet(payload);
    } else {
      check_frame(payload);
    }
    if (line.keeps) line.received.emplace_back(payload);
  }

  /// What the seed's page does: `res.Type == 'Event' && res.Message.Data.type == ...`, and for
  /// `Chat` a list whose includes() is asked for user ids.
  static void check_frame(std::string_view frame) {
    require(!json_check(frame, 20), "a frame is JSON");
    const auto type = json_find(frame, "Type");
    require(type && json_type(*type) == JsonType::string, "a frame has a Type");
    const auto message = json_find(frame, "Message");
    if (*type == R"("Event")") {
      require(message && json_type(*message) == JsonType::object, "an Event has a Message");
      const auto data = json_find(*message, "Data");
      require(data && json_type(*data) != JsonType::null, "an Event has Message.Data");
    }
    if (*type == R"("Chat")") {
      require(message && json_type(*message) == JsonType::array, "the online list is a list");
      JsonElements users(*message);
      std::string_view user;
      while (users.next(user)) require(json_type(user) == JsonType::string, "of strings");
    }
  }

  static void check_packet(std::string_view packet) {
    if (!packet.starts_with("42[")) return;
    require(!json_check(packet.substr(2), 22), "a page's event is JSON");
    JsonElements arguments(packet.substr(2));
    std::string_view name;
    std::string_view data;
    require(arguments.next(name) && json_type(name) == JsonType::string, "it has a name");
    if (name != R"("downmsg")" && arguments.next(data)) {
      check_frame(data);
      require(json_find(data, "Type") == name, "a page gets a frame as an event of its Type");
    }
  }

  std::array<Line, kLines> lines_;
};

}  // namespace bellhop::fuzz
