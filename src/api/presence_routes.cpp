// What the API tells of users and calls.
#include <algorithm>
#include <set>
#include <vector>

#include "api/api.h"

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

void describe(cJSON* object, const Calls& calls, CallSlot slot) {
  const Call& call = calls.at(slot);
  add_text(object, "id", IdText(call.id).view());
  add_text(object, "caller", call.caller.view());
  add_text(object, "callee", call.callee.view());
  add_text(object, "state", call_state_name(call.state));
  if (call.end != CallEnd::none) add_text(object, "end", call_end_name(call.end));
  add_time(object, "started", call.started);
  if (call.accepted != WallTime{}) add_time(object, "accepted", call.accepted);
  if (call.ended != WallTime{}) add_time(object, "ended", call.ended);
  cJSON_AddBoolToObject(object, "missed", call.missed ? 1 : 0);
  cJSON_AddBoolToObject(object, "stored", calls.stored(slot) ? 1 : 0);
  if (call.message.empty()) return;
  cJSON_AddRawToObject(object, "message", std::string(call.message.view()).c_str());
}

void add_person(cJSON* list, std::string_view id, std::string_view name, bool online) {
  cJSON* entry = cJSON_CreateObject();
  add_text(entry, "id", id);
  add_text(entry, "name", name);
  cJSON_AddBoolToObject(entry, "online", online ? 1 : 0);
  cJSON_AddItemToArray(list, entry);
}

/// Who has been here, then who only holds a token: of several, the newest has the name.
void add_people(cJSON* list, const Users& users, const TokenBook& tokens, WallTime now) {
  for (UserSlot slot = 0; slot < users.capacity(); ++slot) {
    const UserView user = users.view(slot);
    if (!user.id.empty()) add_person(list, user.id, user.name, user.listed);
  }
  std::set<std::string_view> added;
  const std::vector<const TokenRecord*> oldest_first = tokens.records();
  for (auto token = oldest_first.rbegin(); token != oldest_first.rend(); ++token) {
    const std::string_view id = (*token)->user.view();
    if ((*token)->expires <= now || users.find(id) != kNoUser || !added.insert(id).second) continue;
    add_person(list, id, (*token)->name.view(), false);
  }
}

}  // namespace

HttpAnswer Api::get_users(const HttpRequest&) {
  const Users& users = switchboard_.users();
  const WallTime now = status_.wall_now();
  const Document document(cJSON_CreateObject());
  cJSON* list = cJSON_AddArrayToObject(document.get(), "users");
  for (UserSlot slot = 0; slot < users.capacity(); ++slot) {
    const UserView user = users.view(slot);
    if (user.id.empty()) continue;
    cJSON* entry = cJSON_CreateObject();
    describe(entry, user, now);
    cJSON_AddItemToArray(list, entry);
  }
  return answer(document);
}

HttpAnswer Api::get_user(const HttpRequest& request) {
  const Users& users = switchboard_.users();
  const UserSlot slot = users.find(request.path.substr(std::string_view("/api/v1/users/").size()));
  if (slot == kNoUser)
    return fail(request.path, ApiError::not_found, "no user of this id is known");
  const Document document(cJSON_CreateObject());
  describe(document.get(), users.view(slot), status_.wall_now());
  return answer(document);
}

HttpAnswer Api::get_calls(const HttpRequest&) {
  const Calls& calls = switchboard_.calls();
  std::vector<CallSlot> newest_first;
  for (CallSlot slot = 0; slot < calls.capacity(); ++slot) {
    if (calls.at(slot).state != CallState::free) newest_first.push_back(slot);
  }
  std::sort(newest_first.begin(), newest_first.end(),
            [&calls](CallSlot a, CallSlot b) { return calls.at(a).id > calls.at(b).id; });
  const Document document(cJSON_CreateObject());
  cJSON* list = cJSON_AddArrayToObject(document.get(), "calls");
  for (const CallSlot slot : newest_first) {
    cJSON* entry = cJSON_CreateObject();
    describe(entry, calls, slot);
    cJSON_AddItemToArray(list, entry);
  }
  return answer(document);
}

HttpAnswer Api::get_people(const HttpRequest& request) {
  Passport me;
  const TokenVerdict verdict =
      authority_.check(http_bearer(request.authorization), status_.wall_now(), me);
  if (verdict != TokenVerdict::good) {
    const int size = std::snprintf(message_.data(), message_.size(),
                                   "send your own token as 'Authorization: Bearer TOKEN': it is %s",
                                   token_verdict_name(verdict).data());
    return fail(request.path, ApiError::unauthorised,
                {message_.data(), static_cast<std::size_t>(size)}, kBearerChallenge);
  }
  const Document document(cJSON_CreateObject());
  cJSON* self = cJSON_AddObjectToObject(document.get(), "me");
  add_text(self, "id", me.user.view());
  add_text(self, "name", me.name.view());
  add_people(cJSON_AddArrayToObject(document.get(), "people"), switchboard_.users(), tokens_,
             status_.wall_now());
  const Calls& calls = switchboard_.calls();
  cJSON* list = cJSON_AddArrayToObject(document.get(), "calls");
  for (const ActiveCall& active : calls.active()) {
    const Call& call = calls.at(active.slot);
    if (call.caller.view() != me.user.view() && call.callee.view() != me.user.view()) continue;
    cJSON* entry = cJSON_CreateObject();
    describe(entry, calls, active.slot);
    cJSON_AddItemToArray(list, entry);
  }
  return answer(document);
}

}  // namespace bellhop
