#pragma once
// The push messages of back ends (contract section 2): the seed's envelope
// {"ROOT":{"BODY":{"roomId","eventName","data"}}} and its modern twin {"room","event","data"}.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "protocol/json.h"

namespace bellhop {

/// One push as posted. Views point into the request body or into the scratch given.
struct PushRequest {
  std::optional<std::string_view> room;  ///< absent: everyone
  std::string_view event;                ///< decoded
  std::string_view event_literal;        ///< as posted, with quotes
  std::string_view data;                 ///< raw JSON; empty when absent
  std::string_view idempotency_key;      ///< modern form only; empty when absent
};

enum class PushFault : std::uint8_t {
  none,
  malformed,     ///< not JSON, no ROOT.BODY, too deep: HTTP 400; `reason` and `offset` say where
  unacceptable,  ///< event missing, empty, reserved or no string; room of a wrong type
};

struct PushParse {
  PushFault fault = PushFault::none;
  const char* reason = "";  ///< static text
  std::size_t offset = 0;   ///< byte in the body, for malformed
  PushRequest push;
};

/// Memory for the decoded strings of one PushRequest; must outlive it.
struct PushScratch {
  char room[64];
  char event[256];
  char idempotency_key[64];
};

/// The seed's envelope. `body` must be the whole request body.
[[nodiscard]] PushParse push_parse_envelope(std::string_view body, unsigned max_depth,
                                            PushScratch& scratch);

/// One object of the modern form; `object` has been checked by json_check().
[[nodiscard]] PushParse push_parse_modern(std::string_view object, PushScratch& scratch);

struct PushAnswer {
  std::string_view code;  ///< "0000", "0400", ...
  std::string_view message;
  std::optional<std::size_t> delivered;  ///< DELIVERED is left out when absent
  std::string_view id;                   ///< ID is left out when empty
};

/// {"ROOT":{"BODY":{"RETURN_CODE":...,"RETURN_MSG":...,"DELIVERED":...,"ID":...}}}
void push_write_envelope(const PushAnswer& answer, JsonWriter& out);

}  // namespace bellhop
