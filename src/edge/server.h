#pragma once
// The listeners: one libwebsockets context with a plain and a TLS listener on our event loop. Its
// callback is a switch in which each case is one call.
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "edge/edge_context.h"
#include "edge/event_loop.h"
#include "edge/http_edge.h"
#include "edge/websocket_edge.h"

struct lws_context;
struct lws_vhost;

namespace bellhop {

struct ListenerOptions {
  std::string host;  ///< dotted quad
  std::uint16_t port = 0;
};

struct TlsOptions {
  std::string certificate_file;
  std::string key_file;
};

struct ServerOptions {
  std::optional<ListenerOptions> plain;
  std::optional<ListenerOptions> tls;
  TlsOptions tls_files;
  std::size_t connections = 0;
  std::size_t tls_connections = 0;
  std::size_t header_bytes = 8192;
  std::size_t max_message_bytes = 65536;
  std::size_t answer_bytes = 262144;  ///< answers up to this length leave in one write
  AdmissionOptions admission;
};

class Server final : public Transport {
 public:
  Server(const ServerOptions& options, EventLoop& loop, AssemblyPool& assemblies,
         HttpHandler& handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// What is served; the mounts must outlive the server. Before open().
  void serve(std::span<const Mount> mounts) { edge_.mounts = mounts; }
  /// Listens. False with a reason when an address or a certificate is of no use.
  [[nodiscard]] bool open(std::string& error);
  /// The port the plain (or TLS) listener got; 0 when it is off.
  [[nodiscard]] std::uint16_t port(bool tls) const { return tls ? tls_port_ : plain_port_; }

  void run(LoopClient& client) { loop_.run(context_, client); }
  void stop() { loop_.stop(); }
  /// Certificate and key are read again from their files, for handshakes from now on.
  void reload_certificate();
  /// Accepts nobody any more; what is open goes on.
  void stop_accepting() { stopping_ = true; }

  [[nodiscard]] Admission& admission() { return admission_; }
  [[nodiscard]] const Admission& admission() const { return admission_; }
  [[nodiscard]] std::size_t open_websockets() const { return websocket_.open_count(); }
  [[nodiscard]] const ConnectionTable& connections() const { return connections_; }
  [[nodiscard]] const EdgeCounters& counters() const { return edge_.counters; }

  // Transport
  void answer(ConnectionId connection, const HttpAnswer& answer) override;
  [[nodiscard]] bool can_write(ConnectionId connection) override;
  void write(ConnectionId connection, std::span<const std::string_view> frames) override;
  void close(ConnectionId connection, WebSocketClose code, std::string_view reason) override;

 private:
  friend struct ServerCallback;  // lws's C callback

  [[nodiscard]] bool open_vhost(const ListenerOptions& listener, bool tls, std::string& error);
  int on_accept(lws* wsi);
  void on_gone(Connection& connection);

  ServerOptions options_;
  EventLoop& loop_;
  ConnectionTable connections_;
  Admission admission_;
  EdgeContext edge_;
  HttpEdge http_;
  WebSocketEdge websocket_;
  lws_context* context_ = nullptr;
  lws_vhost* plain_ = nullptr;
  lws_vhost* tls_ = nullptr;
  std::uint16_t plain_port_ = 0;
  std::uint16_t tls_port_ = 0;
  bool stopping_ = false;
};

}  // namespace bellhop
