#include "program_options.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "platform/entropy.h"

namespace bellhop {
namespace {

/// Descriptors beside the accepted sockets: listeners, epoll, signals, SQLite, refusals under way.
constexpr std::size_t kSpareDescriptors = 64;
constexpr std::size_t kSmallFrameBytes = 1024;
/// What a message grows by between the wire in and the wire out: event name, packet head.
constexpr std::size_t kFrameMargin = 1024;

constexpr std::array<std::string_view, 1> kNamespaces = {"/"};

void random_bytes(std::span<char> out) {
  if (!fill_random(out)) std::abort();  // no session id may ever be guessable
}

/// The longest message that leaves: one passed on, the online list, or a list of missed calls.
std::size_t longest_frame_bytes(const Options::Limits& limits) {
  return std::max({limits.message_bytes + kFrameMargin,
                   online_list_bytes(limits.users) + kFrameMargin, kMissedBytes + kFrameMargin});
}

/// Above every number of earlier runs, as long as these took less than 1000 a millisecond and the
/// clock is right; what the database knows of them (NumberMirror) comes on top.
std::uint64_t first_number(WallTime now) {
  return static_cast<std::uint64_t>(now.time_since_epoch().count()) * 1000;
}

}  // namespace

std::size_t descriptors(const Options::Limits& limits) {
  return limits.connections + kSpareDescriptors;
}

std::size_t assembly_bytes(const Options::Limits& limits) {
  return std::max(limits.message_bytes, limits.body_bytes);
}

std::optional<ListenerOptions> listener(const std::string& text) {
  ListenAddress address;
  std::string error;
  if (text.empty() || !parse_listen_address(text, address, error)) return std::nullopt;
  return ListenerOptions{address.host, address.port};
}

FramePoolOptions frame_options(const Options::Limits& limits) {
  return {.small_frames = limits.small_frames,
          .small_bytes = kSmallFrameBytes,
          .large_frames = limits.large_frames,
          .large_bytes = longest_frame_bytes(limits)};
}

SessionTableOptions session_options(const Options::Limits& limits) {
  return {.sessions = limits.sessions,
          .queue_messages = limits.queue_messages,
          .queue_bytes = limits.queue_bytes};
}

EngineIoOptions engine_options(const Options& options) {
  return {.ping_interval = Duration{options.engine.ping_interval_ms},
          .ping_timeout = Duration{options.engine.ping_timeout_ms},
          .v3_ping_timeout = Duration{options.engine.v3_ping_timeout_ms},
          .upgrade_timeout = Duration{options.engine.upgrade_timeout_ms},
          .max_payload_bytes = options.limits.message_bytes,
          .random = random_bytes};
}

SocketIoOptions socketio_options(const Options& options) {
  return {.namespaces = kNamespaces,
          .connect_timeout = Duration{options.engine.connect_timeout_ms},
          .max_message_bytes = options.limits.message_bytes,
          .max_json_depth = options.limits.json_depth,
          .messages_per_10s = options.limits.messages_per_10s,
          .random = random_bytes};
}

TerminalOptions terminal_options(const Options& options) {
  return {.ping_interval = Duration{options.terminals.ping_interval_ms},
          .ping_timeout = Duration{options.terminals.ping_timeout_ms},
          .messages_per_10s = options.limits.messages_per_10s};
}

SwitchboardOptions switchboard_options(const Options& options, WallTime now) {
  return {.users = {.users = options.limits.users, .sessions = options.limits.sessions},
          .presence = {.grace = Duration{options.terminals.grace_ms},
                       .list_interval = Duration{options.terminals.list_interval_ms},
                       .bytes_per_second = options.terminals.list_bytes_per_second},
          .calls = {.calls = options.limits.calls,
                    .ring_timeout = Duration{options.terminals.ring_timeout_ms},
                    .first_id = first_number(now)}};
}

GatewayOptions gateway_options(const Options& options, WallTime now) {
  return {.rooms = {.rooms = options.limits.rooms,
                    .memberships = options.limits.memberships,
                    .sessions = options.limits.sessions},
          .first_push_id = first_number(now)};
}

ApiOptions api_options(const Options& options) {
  ApiOptions api = {.push_path = options.paths.push,
                    .socketio_path = options.paths.socketio,
                    .terminals_path = options.paths.terminals,
                    .body_bytes_unauthorised = options.limits.body_bytes_unauthorised,
                    .body_bytes = options.limits.body_bytes,
                    .message_bytes = options.limits.message_bytes,
                    .json_depth = options.limits.json_depth,
                    .batch_messages = options.limits.batch_messages,
                    .trusted_push_addresses = {},
                    .version = BELLHOP_VERSION};
  for (const std::string& text : options.push.trusted_addresses) {
    Ipv4Network network;
    std::string error;
    if (parse_ipv4_network(text, network, error)) api.trusted_push_addresses.push_back(network);
  }
  return api;
}

ServerOptions server_options(const Options& options, const Identity& identity) {
  const Options::Limits& limits = options.limits;
  return {.plain = listener(options.listen.plain),
          .tls = listener(options.listen.tls),
          .tls_files = {identity.certificate, identity.certificate_key},
          .connections = limits.connections,
          .tls_connections = limits.tls_connections,
          .header_bytes = limits.header_bytes,
          .max_message_bytes = limits.message_bytes,
          .admission = {.addresses = limits.connections,
                        .connections_per_address = limits.connections_per_address,
                        .new_sessions_per_second = limits.new_sessions_per_second,
                        .origins = options.http.origins}};
}

}  // namespace bellhop
