// A packet that decodes is written again and decodes to the same.
#include "protocol/socketio.h"

#include <string>
#include <vector>

#include "fuzz.h"
#include "protocol/json.h"
#include "protocol/utf8.h"

using namespace bellhop;
using fuzz::require;

namespace {

constexpr unsigned kDepth = 16;

bool same(const SocketIoPacket& a, const SocketIoPacket& b) {
  return a.type == b.type && a.attachments == b.attachments && a.nsp == b.nsp &&
         a.ack_id == b.ack_id && a.json == b.json;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  (void)socketio_placeholders_valid(text, 3);
  (void)socketio_event_reserved(text);
  const auto packet = socketio_decode(text, kDepth);
  if (!packet) return 0;
  require(packet->nsp == "/" || fuzz::inside(text, packet->nsp), "the namespace lies in the text");
  require(fuzz::inside(text, packet->json), "the JSON lies in the text");
  require(packet->json.empty() || !json_check(packet->json, kDepth), "the JSON is good");
  require(packet->attachments <= kMaxAttachments, "attachments are bounded");

  std::vector<char> out(text.size() + 32);
  const auto header = socketio_write_header(*packet, out);
  require(header && header->starts_with('4'), "the header fits and is a message");
  require(utf8_valid(*header), "the header is UTF-8");
  const std::string again = std::string(header->substr(1)).append(packet->json);
  const auto decoded = socketio_decode(again, kDepth);
  require(decoded && same(*decoded, *packet), "what is written decodes to the same");
  return 0;
}
