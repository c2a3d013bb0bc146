// What the API tells of users and calls.
#include <algorithm>
#include <vector>

#include "api/api.h"
#include "api/document.h"

namespace bellhop {
namespace {

void describe(cJSON* object, const UserView& user, WallTime now) {
  add_text(object, "id", user.id);
  if (!user.name.empty()) add_text(object, "name", user.name);
  cJSON_AddBoolToObject(object, "online", user.listed ? 1 : 0);
  add_number(object, "terminals", user.terminals);
  if (user.terminals > 0) add_time(object, "since", user.last_seen);
  add_time(object, "lastSeen", user.terminals > 0 ? now : user.last_seen);
}

void describe(cJSON* object, const Call& call) {
  add_text(object, "id", IdText(call.id).view());
  add_text(object, "caller", call.caller.view());
  add_text(object, "callee", call.callee.view());
  add_text(object, "state", call_state_name(call.state));
  if (call.end != CallEnd::none) add_text(object, "end", call_end_name(call.end));
  add_time(object, "started", call.started);
  if (call.accepted != WallTime{}) add_time(object, "accepted", call.accepted);
  if (call.ended != WallTime{}) add_time(object, "ended", call.ended);
  cJSON_AddBoolToObject(object, "missed", call.missed ? 1 : 0);
  if (call.message.empty()) return;
  cJSON_AddRawToObject(object, "message", std::string(call.message.view()).c_str());
}

}  // namespace

HttpAnswer Api::get_users(const HttpRequest&) {
  const Users& users = switchboard_.users();
  const Document document(cJSON_CreateObject());
  cJSON* list = cJSON_AddArrayToObject(document.get(), "users");
  for (UserSlot slot = 0; slot < users.capacity(); ++slot) {
    const UserView user = users.view(slot);
    if (user.id.empty()) continue;
    cJSON* entry = cJSON_CreateObject();
    describe(entry, user, status_.wall_now());
    cJSON_AddItemToArray(list, entry);
  }
  text_ = print(document);
  return {200, "application/json", text_, ""};
}

HttpAnswer Api::get_user(const HttpRequest& request) {
  const Users& users = switchboard_.users();
  const UserSlot slot = users.find(request.path.substr(std::string_view("/api/v1/users/").size()));
  if (slot == kNoUser)
    return fail(request.path, ApiError::not_found, "no user of this id is known");
  const Document document(cJSON_CreateObject());
  describe(document.get(), users.view(slot), status_.wall_now());
  text_ = print(document);
  return {200, "application/json", text_, ""};
}

HttpAnswer Api::get_calls(const HttpRequest&) {
  const Calls& calls = switchboard_.calls();
  std::vector<const Call*> newest_first;
  for (CallSlot slot = 0; slot < calls.capacity(); ++slot) {
    if (calls.at(slot).state != CallState::free) newest_first.push_back(&calls.at(slot));
  }
  std::sort(newest_first.begin(), newest_first.end(),
            [](const Call* a, const Call* b) { return a->id > b->id; });
  const Document document(cJSON_CreateObject());
  cJSON* list = cJSON_AddArrayToObject(document.get(), "calls");
  for (const Call* call : newest_first) {
    cJSON* entry = cJSON_CreateObject();
    describe(entry, *call);
    cJSON_AddItemToArray(list, entry);
  }
  text_ = print(document);
  return {200, "application/json", text_, ""};
}

}  // namespace bellhop
