#pragma once
// An edge for the connection fuzzer: a few connections, each in a state that says what a session
// may do with it, and a check of every answer and frame that goes out.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.h"
#include "protocol/utf8.h"
#include "session/engineio_server.h"

namespace bellhop::fuzz {

enum class Use : std::uint8_t { idle, hanging, reading, websocket, closing };

struct Line {
  std::uint32_t generation = 1;
  Use use = Use::idle;
  bool choked = false;
  bool jsonp = false;
  bool binary_body = false;
  EngineIoServer* engine = nullptr;
  EngineIoRevision revision = EngineIoRevision::v4;
  SessionId session;
  std::string body;  ///< of the POST that is being read
};

class Wire final : public Transport {
 public:
  static constexpr std::uint32_t kLines = 8;
  static constexpr std::size_t kMaxPackets = 16;

  [[nodiscard]] Line& line(std::uint32_t index) { return lines_[index % kLines]; }
  [[nodiscard]] ConnectionId id(std::uint32_t index) const {
    return {index % kLines, lines_[index % kLines].generation};
  }
  /// nullptr for a connection that is gone; sessions may still name it.
  [[nodiscard]] Line* find(ConnectionId id) {
    Line& line = lines_[id.index];
    return line.generation == id.generation && line.use != Use::closing ? &line : nullptr;
  }

  void answer(ConnectionId to, const HttpAnswer& answer) override {
    Line* line = find(to);
    if (line == nullptr) return;
    require(line->use == Use::hanging, "only a hanging GET is answered later");
    line->use = Use::idle;
    check_poll_answer(answer, line->revision, line->jsonp);
  }
  bool can_write(ConnectionId to) override {
    const Line* line = find(to);
    return line != nullptr && !line->choked;
  }
  void write(ConnectionId to, std::span<const std::string_view> frames) override {
    const Line* line = find(to);
    require(line != nullptr && line->use == Use::websocket, "frames go to an open WebSocket");
    require(!line->choked, "nothing is written while the wire is choked");
    require(!frames.empty(), "a write has frames");
    for (const std::string_view frame : frames) check_frame(frame, line->revision);
  }
  void close(ConnectionId of, WebSocketClose, std::string_view reason) override {
    Line* line = find(of);
    if (line == nullptr) return;
    require(reason.size() <= 64, "the reason fits into a close frame");
    if (line->use == Use::reading) {
      line->use = Use::closing;  // its end is still told
    } else {
      reset(*line);
    }
  }

  static void reset(Line& line) {
    const std::uint32_t next = line.generation + 1;
    line = Line{};
    line.generation = next;
  }

  /// What a client reads out of a poll answer.
  static void check_poll_answer(const HttpAnswer& answer, EngineIoRevision revision, bool jsonp) {
    if (answer.status != 200) return;
    if (jsonp) {
      require(answer.body.starts_with("___eio[") && answer.body.ends_with("\");"), "a script");
      return;
    }
    std::vector<char> body(answer.body.begin(), answer.body.end());
    const PayloadForm form = answer.content_type == "application/octet-stream"
                                 ? PayloadForm::v3_binary
                             : revision == EngineIoRevision::v4 ? PayloadForm::v4
                                                                : PayloadForm::v3_text;
    PayloadReader reader(form, body);
    EngineIoPacket packet;
    std::size_t packets = 0;
    auto step = reader.next(packet);
    for (; step == PayloadReader::Step::packet; step = reader.next(packet)) ++packets;
    require(step == PayloadReader::Step::end, "a poll answer decodes");
    require(packets <= kMaxPackets, "a poll answer holds at most 16 packets");
  }

 private:
  static void check_frame(std::string_view frame, EngineIoRevision revision) {
    const auto byte = [frame](std::size_t i) { return static_cast<unsigned char>(frame[i]); };
    require(frame.size() >= 2, "a frame has a header");
    require(byte(0) == 0x81 || byte(0) == 0x82, "a whole text or binary message");
    const std::size_t header = byte(1) < 126 ? 2 : 4;
    require(byte(1) < 127 && frame.size() >= header, "the header's length");
    const std::size_t size = header == 2 ? byte(1) : std::size_t{byte(2)} << 8 | byte(3);
    require(frame.size() == header + size, "the header tells the payload's length");
    std::string payload(frame.substr(header));
    if (byte(0) == 0x82) {
      require(engineio_decode_binary(revision, payload).has_value(), "a binary message decodes");
    } else {
      require(utf8_valid(payload), "text is UTF-8");
      require(engineio_decode_text(revision, payload).has_value(), "a text message decodes");
    }
  }

  std::array<Line, kLines> lines_;
};

}  // namespace bellhop::fuzz
