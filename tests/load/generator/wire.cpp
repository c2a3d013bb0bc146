#include "wire.h"

#include <cctype>
#include <charconv>

namespace bellhop::load {
namespace {

constexpr std::uint64_t kSmallestNumber = 1'000'000'000;  // always ten digits
constexpr std::size_t kNumberDigits = 10;
constexpr std::string_view kDataHead = R"({"n":)";
constexpr std::string_view kDataMiddle = R"(,"pad":")";
constexpr std::string_view kDataTail = R"("})";

struct EventPattern {
  std::string head;
  std::string tail;
};

const EventPattern& event_pattern() {
  static const EventPattern pattern = [] {
    const std::string packet =
        "42[\"" + std::string(kEvent) + "\"," + push_data(kSmallestNumber) + "]";
    const std::size_t at = packet.find(kDataHead) + kDataHead.size();
    return EventPattern{packet.substr(0, at), packet.substr(at + kNumberDigits)};
  }();
  return pattern;
}

// The value of a header, or nothing; names compare without case (RFC 9110 section 5.1).
std::string_view header_value(std::string_view head, std::string_view lower_name) {
  std::size_t line = head.find("\r\n");
  while (line != std::string_view::npos) {
    const std::string_view rest = head.substr(line + 2);
    std::size_t same = 0;
    while (same < lower_name.size() && same < rest.size() &&
           std::tolower(static_cast<unsigned char>(rest[same])) == lower_name[same]) {
      ++same;
    }
    if (same == lower_name.size() && same < rest.size() && rest[same] == ':') {
      const std::size_t from = rest.find_first_not_of(' ', same + 1);
      return rest.substr(from, rest.find("\r\n", from) - from);
    }
    line = head.find("\r\n", line + 2);
  }
  return {};
}

template <typename Number>
bool parse_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string upgrade_request(int port, std::string_view target) {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\n"
         "Host: 127.0.0.1:" +
         std::to_string(port) +
         "\r\n"
         "Connection: Upgrade\r\n"
         "Upgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: YmVsbGhvcCBiZW5jaG1hcg==\r\n\r\n";
}

std::string client_frame(unsigned opcode, std::string_view payload,
                         const std::array<unsigned char, 4>& mask) {
  std::string frame;
  frame.push_back(static_cast<char>(0x80U | opcode));
  if (payload.size() < 126) {
    frame.push_back(static_cast<char>(0x80U | payload.size()));
  } else {
    frame.push_back(static_cast<char>(0x80U | 126U));
    frame.push_back(static_cast<char>(payload.size() >> 8U));
    frame.push_back(static_cast<char>(payload.size() & 0xFFU));
  }
  for (const unsigned char byte : mask) {
    frame.push_back(static_cast<char>(byte));
  }
  const std::size_t start = frame.size();
  frame.append(payload);
  if (mask != kNoMask) {
    for (std::size_t i = 0; i < payload.size(); ++i) {
      frame[start + i] = static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]);
    }
  }
  return frame;
}

std::string push_data(std::uint64_t number) {
  std::string data(kDataHead);
  data += std::to_string(number);
  data += kDataMiddle;
  data.append(kPayloadBytes - data.size() - kDataTail.size(), 'x');
  data += kDataTail;
  return data;
}

std::string push_request(int port, std::uint64_t number) {
  const std::string body = R"({"ROOT":{"BODY":{"roomId":")" + std::string(kRoom) +
                           R"(","eventName":")" + std::string(kEvent) + R"(","data":)" +
                           push_data(number) + "}}}";
  return "POST /push HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::uint64_t event_number(std::string_view packet) {
  const EventPattern& pattern = event_pattern();
  if (packet.size() != pattern.head.size() + kNumberDigits + pattern.tail.size() ||
      !packet.starts_with(pattern.head) || !packet.ends_with(pattern.tail)) {
    return 0;
  }
  std::uint64_t number = 0;
  return parse_number(packet.substr(pattern.head.size(), kNumberDigits), number) ? number : 0;
}

Parse parse_server_frame(std::string_view bytes, ServerFrame& frame) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  if (bytes.size() < 2) {
    return Parse::partial;
  }
  // No server here has a reason to fragment, compress or mask.
  if ((byte(0) & 0xF0U) != 0x80U || (byte(1) & 0x80U) != 0) {
    return Parse::broken;
  }
  std::size_t header = 2;
  std::size_t length = byte(1);
  if (length >= 126) {
    const std::size_t extra = length == 126 ? 2 : 8;
    header += extra;
    if (bytes.size() < header) {
      return Parse::partial;
    }
    length = 0;
    for (std::size_t i = 2; i < header; ++i) {
      length = (length << 8U) | byte(i);
    }
  }
  if (bytes.size() - header < length) {
    return Parse::partial;
  }
  frame = {byte(0) & 0x0FU, bytes.substr(header, length), header + length};
  return Parse::complete;
}

Parse parse_http_answer(std::string_view bytes, HttpAnswer& answer) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return Parse::partial;
  }
  const std::string_view head = bytes.substr(0, end + 2);
  std::size_t length = 0;
  if (head.size() < 12 || !parse_number(head.substr(9, 3), answer.status) ||
      !parse_number(header_value(head, "content-length"), length)) {
    return Parse::broken;
  }
  answer.size = end + 4 + length;
  return answer.size <= bytes.size() ? Parse::complete : Parse::partial;
}

}  // namespace bellhop::load
