// POST /push and POST /api/v1/push.
#include "api/api.h"
#include "base/id_text.h"

namespace bellhop {
namespace {

constexpr std::string_view kOverloaded = "no memory for the message, try again";
constexpr std::string_view kTooLong = "the message is longer than limits.message_bytes";
constexpr std::string_view kPushV1 = "/api/v1/push";

}  // namespace

// --- The seed's envelope -------------------------------------------------------------------------

HttpAnswer Api::post_push(const HttpRequest& request) {
  const PushParse parse = push_parse_envelope(request.body, options_.json_depth, scratch_);
  if (parse.fault == PushFault::malformed) {
    return malformed_at(request.path, parse.reason, parse.offset);
  }
  if (parse.fault == PushFault::unacceptable) {
    ++unacceptable_pushes_;  // the seed's callers read 0000 whatever happened
    return envelope(200, {"0000", parse.reason, 0, ""});
  }
  if (too_long(parse.push)) return fail(request.path, ApiError::too_large, kTooLong);
  RecentPushes::Answer answer;
  bool repeated = false;
  if (!send(parse.push, answer, repeated)) {
    return fail(request.path, ApiError::overloaded, kOverloaded);
  }
  return envelope(200, {"0000", "ok", answer.delivered, IdText(answer.id).view()});
}

// --- /api/v1/push --------------------------------------------------------------------------------

HttpAnswer Api::post_push_v1(const HttpRequest& request) {
  const std::string_view body = json_trim(request.body);
  // A batch is one level deeper than what it holds.
  const unsigned depth = options_.json_depth + (body.starts_with('[') ? 1U : 0U);
  if (const auto error = json_check(request.body, depth)) {
    return malformed_at(kPushV1, error->reason, error->offset);
  }
  switch (json_type(body)) {
    case JsonType::object:
      return push_one(body);
    case JsonType::array:
      return push_batch(body);
    default:
      return fail(kPushV1, ApiError::malformed, "the body is neither an object nor an array");
  }
}

HttpAnswer Api::push_one(std::string_view object) {
  const PushParse parse = push_parse_modern(object, scratch_);
  if (parse.fault != PushFault::none) return fail(kPushV1, ApiError::malformed, parse.reason);
  if (too_long(parse.push)) return fail(kPushV1, ApiError::too_large, kTooLong);
  RecentPushes::Answer answer;
  bool repeated = false;
  if (!send(parse.push, answer, repeated)) return fail(kPushV1, ApiError::overloaded, kOverloaded);
  JsonWriter out(buffer_.span());
  write_result(out, answer, repeated);
  return json(200, out);
}

HttpAnswer Api::fail_message(std::size_t number, ApiError error, std::string_view reason) {
  const int size = std::snprintf(message_.data(), message_.size(), "message %zu: %.*s", number,
                                 static_cast<int>(reason.size()), reason.data());
  return fail(kPushV1, error, {message_.data(), static_cast<std::size_t>(size)});
}

std::optional<HttpAnswer> Api::check_batch(std::string_view array) {
  JsonElements elements(array);
  std::string_view object;
  for (std::size_t i = 0; elements.next(object); ++i) {
    if (i == options_.batch_messages) {
      return fail_message(i, ApiError::malformed, "more messages than limits.batch_messages");
    }
    const PushParse parse = push_parse_modern(object, scratch_);
    if (parse.fault != PushFault::none) {
      return fail_message(i, ApiError::malformed, parse.reason);
    }
    if (too_long(parse.push)) return fail_message(i, ApiError::too_large, kTooLong);
  }
  return std::nullopt;
}

HttpAnswer Api::push_batch(std::string_view array) {
  // All are checked before the first is sent: a batch with a fault has no effect.
  if (const auto fault = check_batch(array)) return *fault;
  JsonWriter out(buffer_.span());
  out.raw(R"({"results":[)");
  JsonElements elements(array);
  std::string_view object;
  for (bool first = true; elements.next(object); first = false) {
    if (!first) out.raw(",");
    RecentPushes::Answer answer;
    bool repeated = false;
    if (send(push_parse_modern(object, scratch_).push, answer, repeated)) {
      write_result(out, answer, repeated);
    } else {
      out.raw(R"({"error":{"code":"overloaded","message":)").string(kOverloaded).raw("}}");
    }
  }
  out.raw("]}");
  return json(200, out);
}

/// What no frame holds is refused for what it is, and not as a lack of memory that will pass.
bool Api::too_long(const PushRequest& push) const {
  return push.event_literal.size() + push.data.size() > options_.message_bytes;
}

bool Api::send(const PushRequest& push, RecentPushes::Answer& answer, bool& repeated) {
  if (const auto known = recent_.find(push.idempotency_key)) {
    answer = *known;
    repeated = true;
    return true;
  }
  const PushResult result = gateway_.push({push.room, {push.event_literal, push.data}});
  answer = {result.id, result.delivered};
  if (result.overloaded) return false;
  recent_.remember(push.idempotency_key, answer);
  return true;
}

void Api::write_result(JsonWriter& out, const RecentPushes::Answer& answer, bool repeated) {
  out.raw(R"({"id":)").string(IdText(answer.id).view());
  out.raw(R"(,"delivered":)").number(static_cast<std::int64_t>(answer.delivered));
  out.raw(repeated ? R"(,"repeated":true})" : "}");
}

}  // namespace bellhop
