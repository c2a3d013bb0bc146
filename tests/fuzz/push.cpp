// A push that is taken has a room and an event that fit, and data that is good JSON as posted.
#include "protocol/push.h"

#include "fuzz.h"
#include "protocol/socketio.h"

using namespace bellhop;
using fuzz::require;

namespace {

constexpr unsigned kDepth = 16;

void check(std::string_view body, const PushParse& parse) {
  require((parse.fault == PushFault::none) == (*parse.reason == '\0'), "a fault has a reason");
  require(parse.offset <= body.size(), "the offset lies in the body");
  if (parse.fault != PushFault::none) return;
  const PushRequest& push = parse.push;
  require(!push.event.empty() && push.event.size() <= 256, "the event has 1 to 256 bytes");
  require(!socketio_event_reserved(push.event), "the event is not reserved");
  PushScratch scratch;
  require(json_decode_string(push.event_literal, scratch.event) == push.event,
          "the literal is the event");
  require(!push.room || (!push.room->empty() && push.room->size() <= 64), "the room fits");
  require(push.idempotency_key.size() <= 64, "the key fits");
  require(fuzz::inside(body, push.data), "the data lies in the body");
  require(push.data.empty() || !json_check(push.data, kDepth), "the data is good JSON");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fuzz::text_of(data, size);
  PushScratch scratch;
  check(body, push_parse_envelope(body, kDepth, scratch));
  if (!json_check(body, kDepth)) check(body, push_parse_modern(body, scratch));
  return 0;
}
