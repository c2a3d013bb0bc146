#include <algorithm>
#include <array>
#include <charconv>

#include "protocol/base64.h"
#include "protocol/engineio.h"
#include "protocol/utf8.h"

namespace bellhop {

namespace {

constexpr char kSeparator = '\x1e';
constexpr char kLengthEnd = '\xff';
constexpr char kTextMark = '\0';
constexpr char kBinaryMark = '\1';
constexpr char kBinaryMessage = '\4';

/// Reads digits (`zero` + 0..9) up to `stop` off the front of `rest`. nullopt when one is no
/// digit, or when the number is beyond what is left: nothing that long follows.
[[nodiscard]] std::optional<std::size_t> take_length(std::span<char>& rest, char zero, char stop) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == stop) {
      rest = rest.subspan(i + 1);
      return length;
    }
    const int digit = rest[i] - zero;
    if (digit < 0 || digit > 9) return std::nullopt;
    length = length * 10 + static_cast<std::size_t>(digit);
    if (length > rest.size()) return std::nullopt;
  }
  return std::nullopt;
}

[[nodiscard]] std::span<char> take_front(std::span<char>& rest, std::size_t size) {
  const std::span<char> front = rest.first(size);
  rest = rest.subspan(size);
  return front;
}

[[nodiscard]] PayloadReader::Step deliver(const std::optional<EngineIoPacket>& decoded,
                                          EngineIoPacket& packet) {
  if (!decoded) return PayloadReader::Step::malformed;
  packet = *decoded;
  return PayloadReader::Step::packet;
}

/// The digits of a length, each `zero` + 0..9, and `stop` behind them.
class LengthText {
 public:
  LengthText(std::size_t length, char zero, char stop) {
    char* const end = std::to_chars(bytes_.begin(), bytes_.end() - 1, length).ptr;
    for (char* digit = bytes_.begin(); digit != end; ++digit) {
      *digit = static_cast<char>(*digit - '0' + zero);
    }
    *end = stop;
    size_ = static_cast<std::size_t>(end + 1 - bytes_.begin());
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 24> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace

PayloadReader::Step PayloadReader::next(EngineIoPacket& packet) {
  const bool at_end = form_ == PayloadForm::v4 ? !more_ : rest_.empty();
  if (at_end) return any_ ? Step::end : Step::malformed;
  any_ = true;
  switch (form_) {
    case PayloadForm::v4:
      return next_v4(packet);
    case PayloadForm::v3_text:
      return next_v3_text(packet);
    case PayloadForm::v3_binary:
      return next_v3_binary(packet);
  }
  return Step::malformed;
}

PayloadReader::Step PayloadReader::next_v4(EngineIoPacket& packet) {
  const auto stop = std::find(rest_.begin(), rest_.end(), kSeparator);
  const auto text = take_front(rest_, static_cast<std::size_t>(stop - rest_.begin()));
  more_ = !rest_.empty();
  if (more_) rest_ = rest_.subspan(1);
  return deliver(engineio_decode_text(EngineIoRevision::v4, text), packet);
}

PayloadReader::Step PayloadReader::next_v3_text(EngineIoPacket& packet) {
  const auto units = take_length(rest_, '0', ':');
  if (!units) return Step::malformed;
  const std::size_t size = utf8_prefix_of_utf16_length({rest_.data(), rest_.size()}, *units);
  if (size == std::string_view::npos) return Step::malformed;
  return deliver(engineio_decode_text(EngineIoRevision::v3, take_front(rest_, size)), packet);
}

PayloadReader::Step PayloadReader::next_v3_binary(EngineIoPacket& packet) {
  const char mark = take_front(rest_, 1).front();
  if (mark != kTextMark && mark != kBinaryMark) return Step::malformed;
  const auto size = take_length(rest_, '\0', kLengthEnd);
  if (!size || *size > rest_.size()) return Step::malformed;
  const std::span<char> bytes = take_front(rest_, *size);
  if (mark == kTextMark) return deliver(engineio_decode_text(EngineIoRevision::v3, bytes), packet);
  return deliver(engineio_decode_binary(EngineIoRevision::v3, {bytes.data(), bytes.size()}),
                 packet);
}

bool PayloadWriter::add(const EngineIoPacket& packet) {
  const std::size_t before = size_;
  bool added = false;
  switch (form_) {
    case PayloadForm::v4:
      added = add_v4(packet);
      break;
    case PayloadForm::v3_text:
      added = add_v3_text(packet);
      break;
    case PayloadForm::v3_binary:
      added = add_v3_binary(packet);
      break;
  }
  if (!added) size_ = before;
  return added;
}

bool PayloadWriter::add_v4(const EngineIoPacket& packet) {
  if (size_ != 0 && !put({&kSeparator, 1})) return false;
  if (packet.binary) return put("b") && put_base64(packet.data);
  return put_text(packet);
}

bool PayloadWriter::add_v3_text(const EngineIoPacket& packet) {
  const std::size_t units =
      packet.binary ? 2 + base64_size(packet.data.size()) : 1 + utf16_length(packet.data);
  if (!put(LengthText(units, '0', ':').view())) return false;
  if (packet.binary) return put("b4") && put_base64(packet.data);
  return put_text(packet);
}

bool PayloadWriter::add_v3_binary(const EngineIoPacket& packet) {
  const char mark = packet.binary ? kBinaryMark : kTextMark;
  const LengthText length(1 + packet.data.size(), '\0', kLengthEnd);
  if (!put({&mark, 1}) || !put(length.view())) return false;
  if (packet.binary) return put({&kBinaryMessage, 1}) && put(packet.data);
  return put_text(packet);
}

bool PayloadWriter::put(std::string_view bytes) {
  if (bytes.size() > out_.size() - size_) return false;
  bytes.copy(out_.data() + size_, bytes.size());
  size_ += bytes.size();
  return true;
}

bool PayloadWriter::put_text(const EngineIoPacket& packet) {
  const char type = static_cast<char>(packet.type);
  return put({&type, 1}) && put(packet.data);
}

bool PayloadWriter::put_base64(std::string_view bytes) {
  if (base64_size(bytes.size()) > out_.size() - size_) return false;
  size_ += base64_encode(bytes, out_.subspan(size_)).size();
  return true;
}

}  // namespace bellhop
