// Payloads that decode are written again, read again and give the same packets.
#include "protocol/engineio.h"

#include <string>
#include <vector>

#include "fuzz.h"
#include "protocol/json.h"
#include "protocol/utf8.h"

using namespace bellhop;
using fuzz::require;

namespace {

struct Packets {
  std::vector<EngineIoPacket> list;
  bool whole = false;
};

Packets read(PayloadForm form, std::span<char> body) {
  Packets packets;
  PayloadReader reader(form, body);
  for (;;) {
    EngineIoPacket packet;
    const auto step = reader.next(packet);
    if (step != PayloadReader::Step::packet) {
      packets.whole = step == PayloadReader::Step::end;
      return packets;
    }
    require(fuzz::inside({body.data(), body.size()}, packet.data), "packets lie in the body");
    require(!packet.binary || packet.type == EngineIoPacketType::message, "binary is a message");
    require(packet.binary || utf8_valid(packet.data), "text is UTF-8");
    packets.list.push_back(packet);
  }
}

bool same(const EngineIoPacket& a, const EngineIoPacket& b) {
  return a.type == b.type && a.binary == b.binary && a.data == b.data;
}

void payload(PayloadForm form, std::string_view text) {
  std::vector<char> body(text.begin(), text.end());
  const Packets packets = read(form, body);
  if (packets.list.empty()) return;
  std::vector<char> out(text.size() * 2 + 64);
  PayloadWriter writer(form, out);
  for (const EngineIoPacket& packet : packets.list) {
    require(writer.add(packet), "what was read fits into twice its size");
  }
  const Packets again = read(form, {out.data(), writer.payload().size()});
  require(again.whole && again.list.size() == packets.list.size(), "what is written is read");
  for (std::size_t i = 0; i < again.list.size(); ++i) {
    require(same(again.list[i], packets.list[i]), "the packets are the same");
  }
  PayloadWriter small(form, std::span(out).first(text.size() / 2));
  for (const EngineIoPacket& packet : packets.list) (void)small.add(packet);
}

void jsonp(std::string_view text) {
  std::vector<char> body(text.begin(), text.end());
  if (const auto unwrapped = jsonp_unwrap(body)) {
    require(unwrapped->size() <= body.size(), "unwrapping shrinks");
  }
  std::vector<char> out(text.size() * 6 + 32);
  const auto script = jsonp_wrap(7, text, out);
  require(script.has_value(), "six times the size is enough");
  const std::string_view literal = script->substr(10, script->size() - 12);
  std::vector<char> scratch(text.size());
  require(json_decode_string(literal, scratch) == text, "the script holds the payload");
}

void frames(std::string_view text) {
  for (const auto revision : {EngineIoRevision::v3, EngineIoRevision::v4}) {
    std::vector<char> copy(text.begin(), text.end());
    (void)engineio_decode_text(revision, copy);
    if (const auto packet = engineio_decode_binary(revision, text)) {
      require(fuzz::inside(text, packet->data), "the packet lies in the frame");
    }
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  for (const auto form : {PayloadForm::v4, PayloadForm::v3_text, PayloadForm::v3_binary}) {
    payload(form, text);
  }
  jsonp(text);
  frames(text);
  return 0;
}
