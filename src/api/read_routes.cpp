// What the API tells: rooms, health, metrics, its own description.
#include "api/api.h"

extern "C" const char bellhop_openapi_yaml[];
extern "C" const std::size_t bellhop_openapi_yaml_size;

namespace bellhop {
namespace {

void describe(cJSON* object, const RoomView& room) {
  add_text(object, "id", room.name);
  add_number(object, "members", room.members);
  add_time(object, "since", room.created);
  if (room.held_before > 0) add_number(object, "heldBefore", room.held_before);
}

}  // namespace

HttpAnswer Api::get_rooms(const HttpRequest&) {
  const Rooms& rooms = gateway_.rooms();
  const Document document(cJSON_CreateObject());
  cJSON* list = cJSON_AddArrayToObject(document.get(), "rooms");
  for (std::uint32_t slot = 0; slot < rooms.capacity(); ++slot) {
    const RoomView room = rooms.view(slot);
    if (room.name.empty()) continue;
    cJSON* entry = cJSON_CreateObject();
    describe(entry, room);
    cJSON_AddItemToArray(list, entry);
  }
  return answer(document);
}

HttpAnswer Api::get_room(const HttpRequest& request) {
  const Rooms& rooms = gateway_.rooms();
  const std::string_view name = request.path.substr(std::string_view("/api/v1/rooms/").size());
  const auto room = rooms.find_view(name);
  if (!room) return fail(request.path, ApiError::not_found, "nobody is in a room of this id");
  const Document document(cJSON_CreateObject());
  describe(document.get(), *room);
  cJSON* list = cJSON_AddArrayToObject(document.get(), "sessions");
  rooms.for_each_member(room->slot, [&](const Member& member) {
    cJSON* entry = cJSON_CreateObject();
    add_text(entry, "sid", status_.sid(member.session));
    add_text(entry, "type", entry_rule_name(member.rule));
    add_time(entry, "since", member.since);
    cJSON_AddItemToArray(list, entry);
  });
  return answer(document);
}

HttpAnswer Api::get_openapi(const HttpRequest&) {
  return {200, "application/yaml", {bellhop_openapi_yaml, bellhop_openapi_yaml_size}, ""};
}

HttpAnswer Api::get_about(const HttpRequest&) {
  JsonWriter out(buffer_.span());
  out.raw(R"({"version":)").string(options_.version);
  out.raw(R"(,"paths":{"socketio":)").string(options_.socketio_path);
  out.raw(R"(,"push":)").string(options_.push_path);
  out.raw(R"(,"terminals":)").string(options_.terminals_path).raw("}}");
  return json(200, out);
}

HttpAnswer Api::get_live(const HttpRequest&) {
  return {200, "application/json", R"({"status":"live"})", ""};
}

HttpAnswer Api::get_ready(const HttpRequest&) {
  const std::string reason = status_.unready_reason();
  JsonWriter out(buffer_.span());
  if (reason.empty()) {
    out.raw(R"({"status":"ready","version":)").string(options_.version).raw("}");
    return json(200, out);
  }
  out.raw(R"({"status":"not ready","reason":)").string(reason).raw("}");
  return json(503, out);
}

HttpAnswer Api::get_metrics(const HttpRequest&) {
  Metrics metrics;
  status_.collect(metrics);
  for (std::size_t i = 0; i < kApiErrors.size(); ++i) {
    metrics.counter("bellhop_http_refused_total", "Requests refused, by kind of error", refused_[i],
                    "error", kApiErrors[i].word);
  }
  metrics.counter("bellhop_pushes_unacceptable_total",
                  "Pushes answered 0000 with a reason and delivered to nobody",
                  unacceptable_pushes_);
  text_ = metrics.text();
  return {200, "text/plain; version=0.0.4; charset=utf-8", text_, ""};
}

}  // namespace bellhop
