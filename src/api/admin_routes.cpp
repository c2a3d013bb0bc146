// What only the administrator may do, and what a key may do at all.
#include "api/api.h"
#include "base/log.h"
#include "protocol/utf8.h"

namespace bellhop {
namespace {

constexpr std::string_view kRooms = "/api/v1/rooms/";

/// A file's name in the log may hold any bytes; JSON is UTF-8.
void add_log_text(cJSON* object, std::string_view text) {
  if (utf8_valid(text)) return add_text(object, "text", text);
  std::string readable(text);
  for (char& c : readable) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  add_text(object, "text", readable);
}

}  // namespace

HttpAnswer Api::get_access(const HttpRequest& request) {
  const bool admin = admin_keys_.accepts(presented_key(request));
  return {200, "application/json",
          admin ? R"({"push":true,"admin":true})" : R"({"push":true,"admin":false})", ""};
}

HttpAnswer Api::delete_member(const HttpRequest& request) {
  const std::string_view path = request.path.substr(kRooms.size());
  const std::size_t end = path.rfind(kSessions);  // no sid has a slash, a room may
  const std::string_view name = path.substr(0, end);
  const std::string_view sid = path.substr(end + kSessions.size());
  SessionId session;
  if (const auto room = gateway_.rooms().find_view(name)) {
    gateway_.rooms().for_each_member(room->slot, [&](const Member& member) {
      if (status_.sid(member.session) == sid) session = member.session;
    });
  }
  if (!session || !gateway_.kick(name, session)) {
    return fail(request.path, ApiError::not_found, "no session of this id is in the room");
  }
  return {204, "", "", ""};
}

HttpAnswer Api::get_log(const HttpRequest&) {
  const LogTail& tail = log_tail();
  const Document document(cJSON_CreateObject());
  cJSON* list = cJSON_AddArrayToObject(document.get(), "lines");
  for (std::size_t i = 0; i < tail.size(); ++i) {
    const LogTail::Line line = tail[i];
    cJSON* entry = cJSON_CreateObject();
    add_number(entry, "n", static_cast<std::size_t>(line.number));
    add_log_text(entry, line.text);
    cJSON_AddItemToArray(list, entry);
  }
  return answer(document);
}

}  // namespace bellhop
