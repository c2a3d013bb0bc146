#include "protocol/push.h"

#include <algorithm>

#include "protocol/json_scan.h"
#include "protocol/socketio.h"

namespace bellhop {

namespace {

/// What the two forms call their fields, and what is said about them.
struct Wording {
  std::string_view room;
  std::string_view event;
  const char* room_type;
  const char* room_long;
  const char* room_control;
  const char* event_missing;
  const char* event_type;
  const char* event_empty;
  const char* event_long;
  const char* event_reserved;
};

constexpr Wording kEnvelope = {
    "roomId",
    "eventName",
    "roomId must be a string",
    "roomId is longer than 64 bytes",
    "roomId contains control characters",
    "eventName is missing",
    "eventName must be a string",
    "eventName is empty",
    "eventName is longer than 256 bytes",
    "eventName is reserved by Socket.IO clients",
};

constexpr Wording kModern = {
    "room",
    "event",
    "room must be a string",
    "room is longer than 64 bytes",
    "room contains control characters",
    "event is missing",
    "event must be a string",
    "event is empty",
    "event is longer than 256 bytes",
    "event is reserved by Socket.IO clients",
};

/// The raw values of the members that matter, empty where absent; of a repeated key the last one.
struct RawPush {
  std::string_view room;
  std::string_view event;
  std::string_view data;
  std::string_view idempotency_key;
};

[[nodiscard]] RawPush collect(std::string_view object, const Wording& wording) {
  RawPush raw;
  JsonMembers members(object);
  JsonMember member;
  while (members.next(member)) {
    const auto is = [&member](std::string_view key) {
      return json_scan::literal_is(member.key, key);
    };
    if (is(wording.room)) {
      raw.room = member.value;
    } else if (is(wording.event)) {
      raw.event = member.value;
    } else if (is("data")) {
      raw.data = member.value;
    } else if (is("idempotencyKey")) {
      raw.idempotency_key = member.value;
    }
  }
  return raw;
}

[[nodiscard]] bool absent(std::string_view raw) {
  return raw.empty() || json_type(raw) == JsonType::null;
}

/// The decoded string when it has at most as many bytes as its scratch.
[[nodiscard]] std::optional<std::string_view> decode_bounded(std::string_view literal,
                                                             std::span<char> scratch) {
  const auto text = json_decode_string(literal, scratch);
  return text && text->size() <= scratch.size() ? text : std::nullopt;
}

[[nodiscard]] bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// The readers below return why the field is refused, or nullptr.
[[nodiscard]] const char* read_room(std::string_view raw, const Wording& wording,
                                    PushScratch& scratch, PushRequest& push) {
  if (absent(raw)) return nullptr;
  if (json_type(raw) != JsonType::string) return wording.room_type;
  const auto room = decode_bounded(raw, scratch.room);
  if (!room) return wording.room_long;
  if (has_control(*room)) return wording.room_control;
  if (!room->empty()) push.room = room;
  return nullptr;
}

[[nodiscard]] const char* read_event(std::string_view raw, const Wording& wording,
                                     PushScratch& scratch, PushRequest& push) {
  if (raw.empty()) return wording.event_missing;
  if (json_type(raw) != JsonType::string) return wording.event_type;
  const auto event = decode_bounded(raw, scratch.event);
  if (!event) return wording.event_long;
  if (event->empty()) return wording.event_empty;
  if (socketio_event_reserved(*event)) return wording.event_reserved;
  push.event = *event;
  push.event_literal = raw;
  return nullptr;
}

[[nodiscard]] const char* read_idempotency_key(std::string_view raw, PushScratch& scratch,
                                               PushRequest& push) {
  if (absent(raw)) return nullptr;
  if (json_type(raw) != JsonType::string) return "idempotencyKey must be a string";
  const auto key = decode_bounded(raw, scratch.idempotency_key);
  if (!key) return "idempotencyKey is longer than 64 bytes";
  push.idempotency_key = *key;
  return nullptr;
}

[[nodiscard]] PushParse parse(const RawPush& raw, const Wording& wording, PushScratch& scratch) {
  PushParse parsed;
  const char* fault = read_event(raw.event, wording, scratch, parsed.push);
  if (fault == nullptr) fault = read_room(raw.room, wording, scratch, parsed.push);
  if (fault == nullptr) fault = read_idempotency_key(raw.idempotency_key, scratch, parsed.push);
  if (fault != nullptr) return {PushFault::unacceptable, fault, 0, {}};
  parsed.push.data = raw.data;
  return parsed;
}

[[nodiscard]] PushParse malformed(const char* reason, std::size_t offset) {
  return {PushFault::malformed, reason, offset, {}};
}

}  // namespace

PushParse push_parse_envelope(std::string_view body, unsigned max_depth, PushScratch& scratch) {
  if (const auto error = json_check(body, max_depth))
    return malformed(error->reason, error->offset);
  const auto offset_of = [body](std::string_view part) {
    return static_cast<std::size_t>(part.data() - body.data());
  };
  const std::string_view outer = json_trim(body);
  if (json_type(outer) != JsonType::object) {
    return malformed("the message must be an object", offset_of(outer));
  }
  const auto root = json_find(outer, "ROOT");
  if (!root) return malformed("ROOT is missing", offset_of(outer));
  if (json_type(*root) != JsonType::object) {
    return malformed("ROOT must be an object", offset_of(*root));
  }
  const auto inner = json_find(*root, "BODY");
  if (!inner) return malformed("ROOT.BODY is missing", offset_of(*root));
  if (json_type(*inner) != JsonType::object) {
    return malformed("ROOT.BODY must be an object", offset_of(*inner));
  }
  RawPush raw = collect(*inner, kEnvelope);
  raw.idempotency_key = {};
  return parse(raw, kEnvelope, scratch);
}

PushParse push_parse_modern(std::string_view object, PushScratch& scratch) {
  if (json_type(object) != JsonType::object) return malformed("a push must be an object", 0);
  return parse(collect(object, kModern), kModern, scratch);
}

void push_write_envelope(const PushAnswer& answer, JsonWriter& out) {
  out.raw("{\"ROOT\":{\"BODY\":{\"RETURN_CODE\":").string(answer.code);
  out.raw(",\"RETURN_MSG\":").string(answer.message);
  if (answer.delivered) {
    out.raw(",\"DELIVERED\":").number(static_cast<std::int64_t>(*answer.delivered));
  }
  if (!answer.id.empty()) out.raw(",\"ID\":").string(answer.id);
  out.raw("}}}");
}

}  // namespace bellhop
