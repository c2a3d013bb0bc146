#include "edge/server.h"

#include <arpa/inet.h>
#include <libwebsockets.h>
#include <psa/crypto.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "edge/lws_heap.h"

namespace bellhop {
namespace {

/// WebSocket reads come in pieces of this size, each connection owns such a buffer: small, since
/// most messages are.
constexpr std::size_t kReadBytes = 1024;
constexpr unsigned kHeadTimeoutSeconds = 10;
constexpr int kKeepAliveSeconds = 75;

std::uint32_t peer_of(lws* wsi) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getpeername(lws_get_socket_fd(wsi), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohl(address.sin_addr.s_addr);
}

/// Why nobody can listen there; 0: one can. lws tries for ever what the system refuses for any
/// reason but a port in use.
int bind_fault(const ListenerOptions& listener) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(listener.port);
  if (inet_pton(AF_INET, listener.host.c_str(), &address.sin_addr) != 1) return EINVAL;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int fault = bound ? 0 : errno;
  close(fd);
  return fault;
}

void log_from_lws(int level, const char* line) {
  std::string_view text(line);
  while (text.ends_with('\n')) text.remove_suffix(1);
  const LogLevel ours = level == LLL_ERR    ? LogLevel::error
                        : level == LLL_WARN ? LogLevel::warn
                                            : LogLevel::debug;
  log_event(ours, "libwebsockets", {{"text", text}});
}

/// lws would ping idle WebSockets itself; Engine.IO has its own heartbeat, and lws's timers cost a
/// search through all connections for each message.
const lws_retry_bo_t kNoValidityChecks{};

}  // namespace

struct ServerCallback {
  static int call(lws* wsi, lws_callback_reasons reason, void*, void* in, std::size_t size) {
    auto* server = static_cast<Server*>(lws_context_user(lws_get_context(wsi)));
    if (reason == LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED) return server->on_accept(wsi);
    auto* connection = static_cast<Connection*>(lws_get_opaque_user_data(wsi));
    if (connection == nullptr) {
      const bool asks = reason == LWS_CALLBACK_HTTP || reason == LWS_CALLBACK_HTTP_CONFIRM_UPGRADE;
      return asks ? server->http_.refuse_overload(wsi) : 0;
    }
    const std::span<char> bytes{static_cast<char*>(in), size};
    switch (reason) {
      case LWS_CALLBACK_HTTP:
        return server->http_.on_head(wsi, *connection);
      case LWS_CALLBACK_HTTP_BODY:
        return server->http_.on_body(*connection, bytes);
      case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return server->http_.on_body_complete(wsi, *connection);
      case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return server->websocket_.on_upgrade(wsi, *connection);
      case LWS_CALLBACK_ESTABLISHED:
        return server->websocket_.on_established(*connection);
      case LWS_CALLBACK_RECEIVE:
        return server->websocket_.on_receive(wsi, *connection, bytes);
      case LWS_CALLBACK_RECEIVE_PONG:
        return server->websocket_.on_pong(*connection);
      case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        return server->websocket_.on_peer_close(*connection, bytes);
      case LWS_CALLBACK_SERVER_WRITEABLE:
        return server->websocket_.on_writeable(wsi, *connection);
      case LWS_CALLBACK_CLOSED:
      case LWS_CALLBACK_CLOSED_HTTP:
        server->on_gone(*connection);
        return 0;
      case LWS_CALLBACK_WSI_DESTROY:
        server->on_gone(*connection);
        server->connections_.close(*connection);
        return 0;
      default:
        return 0;
    }
  }
};

Server::Server(const ServerOptions& options, EventLoop& loop, AssemblyPool& assemblies,
               HttpHandler& handler)
    : options_(options),
      loop_(loop),
      connections_(options.connections, options.tls_connections),
      admission_(options.admission),
      edge_{.connections = connections_,
            .admission = admission_,
            .assemblies = assemblies,
            .handler = handler,
            .mounts = {},
            .loop = loop,
            .max_message_bytes = options.max_message_bytes},
      http_(edge_, options.answer_bytes),
      websocket_(edge_, http_, options.max_message_bytes) {}

Server::~Server() {
  if (context_ != nullptr) lws_context_destroy(context_);
}

bool Server::open(std::string& error) {
  install_lws_heap();
  lws_set_log_level(LLL_ERR | LLL_WARN, log_from_lws);
  if (psa_crypto_init() != PSA_SUCCESS) {  // TLS 1.3 in mbedTLS stands on PSA
    error = "mbedTLS: psa_crypto_init failed";
    return false;
  }
  lws_context_creation_info info{};
  info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                 LWS_SERVER_OPTION_DISABLE_IPV6;
  info.event_lib_custom = loop_.evlib();
  info.foreign_loops = loop_.foreign_loops();
  info.user = this;
  info.timeout_secs = kHeadTimeoutSeconds;
  info.retry_and_idle_policy = &kNoValidityChecks;
  info.max_http_header_data = static_cast<unsigned short>(options_.header_bytes);
  // A hanging poll keeps its header table: fewer than connections would let polls block others.
  info.max_http_header_pool =
      static_cast<unsigned short>(std::min<std::size_t>(options_.connections, 0xffff));
  context_ = lws_create_context(&info);
  if (context_ == nullptr) {
    error = "libwebsockets: no context, see the lines above";
    return false;
  }
  if (options_.plain && !open_vhost(*options_.plain, false, error)) return false;
  return !options_.tls || open_vhost(*options_.tls, true, error);
}

bool Server::open_vhost(const ListenerOptions& listener, bool tls, std::string& error) {
  const auto refuse = [&](std::string_view reason) {
    error = "cannot listen on " + listener.host + ":" + std::to_string(listener.port) +
            (tls ? " (TLS): " : ": ");
    error += reason;
    return false;
  };
  if (const int fault = bind_fault(listener); fault != 0) return refuse(std::strerror(fault));
  // One protocol serves everything; per-connection state is ours, in the connection table.
  static const lws_protocols kProtocols[] = {
      {"bellhop", ServerCallback::call, 0, kReadBytes, 0, nullptr, std::size_t{16} << 20},
      LWS_PROTOCOL_LIST_TERM};
  lws_context_creation_info info{};
  info.port = listener.port;
  info.iface = listener.host.c_str();
  info.protocols = kProtocols;
  info.vhost_name = tls ? "tls" : "plain";
  info.keepalive_timeout = kKeepAliveSeconds;
  info.retry_and_idle_policy = &kNoValidityChecks;
  info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
  if (tls) {
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;  // without it lws would speak plain HTTP
    info.ssl_cert_filepath = options_.tls_files.certificate_file.c_str();
    info.ssl_private_key_filepath = options_.tls_files.key_file.c_str();
  }
  lws_vhost* vhost = lws_create_vhost(context_, &info);
  const int port = vhost != nullptr ? lws_get_vhost_listen_port(vhost) : 0;
  if (port <= 0) return refuse("see the lines above");
  (tls ? tls_ : plain_) = vhost;
  (tls ? tls_port_ : plain_port_) = static_cast<std::uint16_t>(port);
  return true;
}

void Server::reload_certificate() {
  if (tls_ == nullptr) return;
  lws_tls_cert_updated(context_, options_.tls_files.certificate_file.c_str(),
                       options_.tls_files.key_file.c_str(), nullptr, 0, nullptr, 0);
}

int Server::on_accept(lws* wsi) {
  if (stopping_) return -1;
  const bool tls = lws_get_vhost(wsi) == tls_;
  Connection* connection = connections_.open(wsi, tls);
  if (connection == nullptr) return tls ? -1 : 0;  // plain ones are told so, see refuse_overload
  connection->peer_ipv4 = peer_of(wsi);
  connection->counted = admission_.connection_opened(connection->peer_ipv4, edge_.loop.now());
  return 0;
}

void Server::on_gone(Connection& connection) {
  if (connection.counted) admission_.connection_closed(connection.peer_ipv4);
  connection.counted = false;
  if (connection.assembly != kNoAssembly) {
    edge_.assemblies.give_back(connection.assembly);
    connection.assembly = kNoAssembly;
  }
  const bool bound =
      connection.upgrading || connection.websocket || connection.hanging || connection.reading_body;
  if (connection.mount != nullptr && bound) {
    connection.mount->endpoint->connection_closed(
        connection.session, connections_.id_of(connection),
        connection.said_goodbye ? CloseReason::client_closed : CloseReason::connection_lost);
  }
  connection.mount = nullptr;
  connection.closing = true;
  websocket_.forget(connection);
}

// --- Transport ---------------------------------------------------------------------------

void Server::answer(ConnectionId id, const HttpAnswer& answer) {
  Connection* connection = connections_.find(id);
  if (connection != nullptr && connection->hanging) http_.answer_hanging(*connection, answer);
}

bool Server::can_write(ConnectionId id) {
  const Connection* connection = connections_.find(id);
  return connection != nullptr && WebSocketEdge::can_write(*connection);
}

void Server::write(ConnectionId id, std::span<const std::string_view> frames) {
  if (Connection* connection = connections_.find(id)) websocket_.write(*connection, frames);
}

void Server::close(ConnectionId id, WebSocketClose code, std::string_view reason) {
  Connection* connection = connections_.find(id);
  if (connection == nullptr || connection->closing) return;
  if (connection->websocket) return websocket_.close(*connection, code, reason);
  connection->closing = true;
  lws_set_timeout(connection->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

}  // namespace bellhop
