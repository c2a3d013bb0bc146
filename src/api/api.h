#pragma once
// HTTP for back ends and operators: one table of routes (routes.cpp), described by openapi.yaml.
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/document.h"
#include "api/error.h"
#include "api/metrics.h"
#include "api/recent_pushes.h"
#include "base/fixed_array.h"
#include "config/address.h"
#include "console/static_files.h"
#include "gateway/gateway.h"
#include "gateway/switchboard.h"
#include "platform/key_ring.h"
#include "protocol/http.h"
#include "protocol/json.h"
#include "protocol/push.h"
#include "token/authority.h"
#include "token/token_registry.h"

namespace bellhop {

/// What the API asks of the program around it.
class SystemStatus {
 public:
  /// Why the box is not ready to serve; empty when it is.
  [[nodiscard]] virtual std::string unready_reason() const = 0;
  virtual void collect(Metrics& metrics) const = 0;
  [[nodiscard]] virtual WallTime wall_now() const = 0;
  /// How clients know a session.
  [[nodiscard]] virtual std::string_view sid(SessionId session) const = 0;

 protected:
  ~SystemStatus() = default;
};

struct ApiOptions {
  std::string push_path = "/push";
  std::string socketio_path = "/socket.io/";   ///< told to pages, served elsewhere
  std::string terminals_path = "/ws";          ///< likewise
  std::size_t body_bytes_unauthorised = 4096;  ///< on paths that ask for no key
  std::size_t body_bytes = 65536;
  std::size_t message_bytes = 65536;  ///< event and data of one push
  unsigned json_depth = 16;
  std::size_t batch_messages = 64;
  std::vector<Ipv4Network> trusted_push_addresses;  ///< who may push without a key
  std::string_view version;
};

class Api final : public HttpHandler {
 public:
  Api(const ApiOptions& options, Gateway& gateway, const Switchboard& switchboard,
      const TokenBook& tokens, TokenRegistry& token_registry, Authority& authority,
      const KeyRing& push_keys, const KeyRing& admin_keys, const SystemStatus& status);

  [[nodiscard]] std::optional<HttpAnswer> on_head(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer on_request(const HttpRequest& request, Instant now) override;

  [[nodiscard]] std::uint64_t refused(ApiError error) const {
    return refused_[static_cast<std::size_t>(error)];
  }
  [[nodiscard]] std::uint64_t unacceptable_pushes() const { return unacceptable_pushes_; }

 private:
  /// own_token: the bearer's own user token; the handler asks the Authority whose it is. An admin
  /// key does wherever a push key does.
  enum class Access : std::uint8_t { open, own_token, push_key_or_trusted, push_key, admin_key };
  static constexpr std::string_view kSessions = "/sessions/";  ///< in the path of a member
  /// prefix: the rest of the path is an id; member: it is ID/sessions/SID.
  enum class Match : std::uint8_t { exact, prefix, member };
  struct Route {
    HttpMethod method;
    std::string_view path;
    Match match;
    Access access;
    HttpAnswer (Api::*handle)(const HttpRequest&);
    std::string_view allow;  ///< what a 405 names
  };

  [[nodiscard]] std::span<const Route> routes() const { return routes_; }
  [[nodiscard]] static bool matches(const Route& route, std::string_view path);
  [[nodiscard]] const Route* find(const HttpRequest& request, const Route** other_method) const;
  /// Why a request that no route takes is refused; nullopt when a file answers it.
  [[nodiscard]] std::optional<HttpAnswer> refuse_routeless(const HttpRequest& request,
                                                           std::string_view allow);
  [[nodiscard]] std::optional<HttpAnswer> refuse_long_body(const HttpRequest& request,
                                                           Access access);
  [[nodiscard]] static std::string_view presented_key(const HttpRequest& request);
  /// What keeps this request from the route; nullopt: nothing.
  [[nodiscard]] std::optional<ApiError> refusal(const Route& route,
                                                const HttpRequest& request) const;
  [[nodiscard]] bool has_envelope(std::string_view path) const {
    return path == options_.push_path;
  }
  /// The error in the envelope of /push or the object of /api/v1, by path.
  [[nodiscard]] HttpAnswer fail(std::string_view path, ApiError error, std::string_view message,
                                std::string_view extra_headers = {});

  // The routes' handlers.
  [[nodiscard]] HttpAnswer post_push(const HttpRequest& request);
  [[nodiscard]] HttpAnswer post_push_v1(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_rooms(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_room(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_users(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_user(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_calls(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_people(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_tokens(const HttpRequest& request);
  [[nodiscard]] HttpAnswer post_token(const HttpRequest& request);
  [[nodiscard]] HttpAnswer delete_token(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_access(const HttpRequest& request);
  [[nodiscard]] HttpAnswer delete_member(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_log(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_openapi(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_about(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_live(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_ready(const HttpRequest& request);
  [[nodiscard]] HttpAnswer get_metrics(const HttpRequest& request);

  [[nodiscard]] HttpAnswer push_one(std::string_view object);
  [[nodiscard]] HttpAnswer push_batch(std::string_view array);
  [[nodiscard]] std::optional<HttpAnswer> check_batch(std::string_view array);
  [[nodiscard]] HttpAnswer fail_message(std::size_t number, ApiError error,
                                        std::string_view reason);
  [[nodiscard]] bool too_long(const PushRequest& push) const;
  [[nodiscard]] bool send(const PushRequest& push, RecentPushes::Answer& answer, bool& repeated);
  void write_result(JsonWriter& out, const RecentPushes::Answer& answer, bool repeated);
  [[nodiscard]] HttpAnswer malformed_at(std::string_view path, std::string_view reason,
                                        std::size_t offset);
  /// What the registry did not do.
  [[nodiscard]] HttpAnswer fail_token(std::string_view path, RegistryResult result);
  [[nodiscard]] HttpAnswer envelope(std::uint16_t status, const PushAnswer& answer,
                                    std::string_view extra_headers = {});
  [[nodiscard]] HttpAnswer json(std::uint16_t status, const JsonWriter& out) const;
  /// Valid until the next answer of that kind.
  [[nodiscard]] HttpAnswer answer(const Document& document, std::uint16_t status = 200);

  ApiOptions options_;
  Gateway& gateway_;
  const Switchboard& switchboard_;
  const TokenBook& tokens_;
  TokenRegistry& token_registry_;
  Authority& authority_;
  const KeyRing& push_keys_;
  const KeyRing& admin_keys_;
  const SystemStatus& status_;
  std::array<Route, 19> routes_;
  StaticFiles files_;  ///< paths that no route takes
  RecentPushes recent_;
  FixedArray<char> buffer_;  ///< the answer being composed
  std::array<char, 256> message_{};
  std::string text_;  ///< answers of unknown length: metrics, listings
  PushScratch scratch_{};
  std::array<std::uint64_t, kApiErrors.size()> refused_{};
  std::uint64_t unacceptable_pushes_ = 0;
};

}  // namespace bellhop
