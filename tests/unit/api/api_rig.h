#pragma once
// The API over the rules with recorded effects, and requests as short as tests want them.
#include <string>
#include <string_view>

#include "api/api.h"
#include "platform/temporary_folder.h"
#include "support/fake_authority.h"
#include "support/fake_registry.h"
#include "support/recording_effects.h"

namespace bellhop {

inline constexpr std::string_view kKey = "0123456789abcdef";
inline constexpr std::string_view kAdminKey = "fedcba9876543210";
inline constexpr std::uint32_t kTrusted = 0x0a000007;   // 10.0.0.7
inline constexpr std::uint32_t kStranger = 0x0a000107;  // 10.0.1.7

class FakeStatus final : public SystemStatus {
 public:
  std::string unready_reason() const override { return std::string(unready); }
  void collect(Metrics& metrics) const override {
    metrics.gauge("bellhop_of_the_program", "What the program adds", 4);
  }
  WallTime wall_now() const override { return WallTime{Duration{1700000000123}}; }
  std::string_view sid(SessionId session) const override {
    sid_ = "sid" + std::to_string(session.index);
    return sid_;
  }
  std::string unready;

 private:
  mutable std::string sid_;
};

inline ApiOptions api_options() {
  return {
      .json_depth = 5, .trusted_push_addresses = {{0x0a000000, 0xffffff00}}, .version = "1.2.3"};
}

class ApiRig {
 public:
  explicit ApiRig(const ApiOptions& options = api_options())
      : api(options, gateway, switchboard, book, registry, authority, one_key(push_keys, kKey),
            one_key(admin_keys, kAdminKey), status) {}

  /// The whole way of a request: what refuses its head, else what answers its body. A key that is
  /// good, from a stranger's address.
  HttpAnswer ask(HttpMethod method, std::string_view path, std::string_view body = {}) {
    return ask(
        {.method = method, .path = path, .api_key = kKey, .body = body, .peer_ipv4 = kStranger});
  }
  HttpAnswer ask(HttpRequest request) {
    const std::string_view body = request.body;
    request.body_bytes = body.size();
    request.body = {};
    if (const auto refusal = api.on_head(request)) return *refusal;
    request.body = body;
    return api.on_request(request, Instant{});
  }
  HttpAnswer ask_as_admin(HttpMethod method, std::string_view path) {
    return ask({.method = method, .path = path, .api_key = kAdminKey, .peer_ipv4 = kStranger});
  }
  /// `status body`
  std::string get(std::string_view path) { return text_of(ask(HttpMethod::get, path)); }
  std::string post(std::string_view path, std::string_view body) {
    return text_of(ask(HttpMethod::post, path, body));
  }
  static std::string text_of(const HttpAnswer& answer) {
    return std::to_string(answer.status) + " " + std::string(answer.body);
  }

  void connect(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) gateway.connected({i, 1});
    effects.take();
  }
  void login(std::uint32_t index, std::string_view room, std::string_view rule = "loginWhenever") {
    gateway.login_room({{index, 1}, std::nullopt}, {room, rule}, WallTime{Duration{1700000000123}});
    effects.take();
  }

  RecordingEffects effects;
  Gateway gateway{{.rooms = {.rooms = 4, .memberships = 8, .sessions = 8}, .first_push_id = 100},
                  effects};
  Switchboard switchboard{
      {.users = {.users = 4, .sessions = 8}, .calls = {.calls = 4, .first_id = 9007199254740993}},
      effects};
  FakeStatus status;
  TokenBook book{4};
  FakeRegistry registry;
  FakeAuthority authority;
  KeyRing push_keys;
  KeyRing admin_keys;
  Api api;

 private:
  static const KeyRing& one_key(KeyRing& keys, std::string_view key) {
    const TemporaryFolder folder;
    folder.put("keys", std::string(key) + "\n");
    std::string error;
    if (!keys.load(folder.file("keys"), error)) std::abort();
    return keys;
  }
};

}  // namespace bellhop
