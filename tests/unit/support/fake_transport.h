#pragma once
// An edge made of vectors: it records what a session sends. Knows no test framework.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/transport.h"

namespace bellhop {

constexpr ConnectionId connection(std::uint32_t number) {
  return {number, 1};
}

/// Unguessable to nobody: every id differs from the last.
inline void counted_bytes(std::span<char> out) {
  static std::uint32_t count = 0;
  ++count;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(count >> (8 * (i % 4)));
}

class FakeTransport final : public Transport {
 public:
  struct Answer {
    ConnectionId to;
    unsigned status;
    std::string type;
    std::string body;
  };
  struct Close {
    ConnectionId of;
    WebSocketClose code;
    std::string reason;
  };

  void answer(ConnectionId to, const HttpAnswer& answer) override {
    answers.push_back(
        {to, answer.status, std::string(answer.content_type), std::string(answer.body)});
  }
  bool can_write(ConnectionId to) override {
    return std::find(choked.begin(), choked.end(), to) == choked.end();
  }
  void write(ConnectionId to, std::span<const std::string_view> frames) override {
    ++writes;
    for (const std::string_view wire : frames) written.push_back({to, unframed(wire)});
  }
  void close(ConnectionId of, WebSocketClose code, std::string_view reason) override {
    closes.push_back({of, code, std::string(reason)});
  }

  /// The messages written to `to` since the last call, joined by `|`; binary ones in <>.
  std::string take_written(ConnectionId to) {
    std::string joined;
    for (const Message& message : written) {
      if (message.to != to) continue;
      if (!joined.empty()) joined += '|';
      joined += message.text;
    }
    std::erase_if(written, [to](const Message& message) { return message.to == to; });
    return joined;
  }
  /// The one answer `to` has got since the last call; "none", or "several".
  std::string take_answer(ConnectionId to) {
    std::string body = "none";
    for (const Answer& answer : answers) {
      if (answer.to == to) body = body == "none" ? answer.body : "several";
    }
    std::erase_if(answers, [to](const Answer& answer) { return answer.to == to; });
    return body;
  }
  /// How many times `of` was closed, with which code the last time.
  std::size_t close_count(ConnectionId of) const {
    return static_cast<std::size_t>(
        std::count_if(closes.begin(), closes.end(), [of](const Close& c) { return c.of == of; }));
  }

  std::vector<Answer> answers;
  std::vector<Close> closes;
  std::vector<ConnectionId> choked;
  std::size_t writes = 0;

 private:
  struct Message {
    ConnectionId to;
    std::string text;
  };

  /// Undoes the header (RFC 6455 section 5.2); "broken frame" when it does not fit the payload.
  static std::string unframed(std::string_view wire) {
    const auto byte = [wire](std::size_t i) { return static_cast<unsigned char>(wire[i]); };
    if (wire.size() < 2) return "broken frame";
    const std::size_t header = byte(1) < 126 ? 2 : byte(1) == 126 ? 4 : 10;
    if (wire.size() < header) return "broken frame";
    std::size_t size = header == 2 ? byte(1) : 0;
    for (std::size_t i = 2; i < header; ++i) size = size << 8 | byte(i);
    if (wire.size() != header + size) return "broken frame";
    const std::string payload(wire.substr(header));
    if (byte(0) == 0x81) return payload;
    return byte(0) == 0x82 ? "<" + payload + ">" : "broken frame";
  }

  std::vector<Message> written;
};

}  // namespace bellhop
