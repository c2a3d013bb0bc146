#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "base/fixed_array.h"
#include "base/gauge.h"
#include "base/handle.h"
#include "session/assembly_pool.h"
#include "session/engineio_server.h"
#include "session/websocket_endpoint.h"

struct lws;

namespace bellhop {

/// What clients reach by a path.
struct Mount {
  std::string_view path;  ///< with the slash at its end, which clients may leave out
  WebSocketEndpoint* endpoint = nullptr;
  EngineIoServer* engine = nullptr;  ///< set where plain HTTP requests are Engine.IO's
};

/// One accepted socket, as long as libwebsockets keeps it.
struct Connection {
  lws* wsi = nullptr;
  const Mount* mount = nullptr;  ///< set while the connection serves a session
  SessionId session;
  std::uint32_t peer_ipv4 = 0;
  std::uint32_t generation = 1;

  // A request body or a WebSocket message on its way in.
  std::span<char> in_place;  ///< the whole body inside lws's read buffer, for this call only
  std::size_t body_bytes = 0;
  AssemblyRef assembly = kNoAssembly;

  WebSocketClose close_code = WebSocketClose::normal;
  std::string_view close_reason;  ///< static text

  bool tls = false;
  bool counted = false;    ///< its address has been charged for it
  bool upgrading = false;  ///< let in, not a WebSocket yet; lws may still find fault with it
  bool websocket = false;
  bool hanging = false;  ///< a GET that the session will answer
  bool reading_body = false;
  bool binary_body = false;
  bool closing = false;       ///< the next WRITEABLE ends it
  bool skipping = false;      ///< the rest of a message that is too long
  bool said_goodbye = false;  ///< a close frame of code 1000 or none has come
};

/// The fixed table of accepted sockets; lws's opaque data of each holds its slot's number.
class ConnectionTable {
 public:
  ConnectionTable(std::size_t connections, std::size_t tls_connections);

  /// nullptr, counted, when the table or its TLS share is full.
  [[nodiscard]] Connection* open(lws* wsi, bool tls);
  void close(Connection& connection);

  [[nodiscard]] Connection* find(ConnectionId id);
  [[nodiscard]] ConnectionId id_of(const Connection& connection) const;

  [[nodiscard]] const TableGauge& gauge() const { return gauge_; }
  [[nodiscard]] const TableGauge& tls_gauge() const { return tls_gauge_; }
  /// Every connection in use, for the shutdown.
  template <class Visit>
  void for_each(Visit visit) {
    for (Connection& connection : slots_) {
      if (connection.wsi != nullptr) visit(connection);
    }
  }

 private:
  FixedArray<Connection> slots_;
  FixedList<std::uint32_t> free_;
  TableGauge gauge_;
  TableGauge tls_gauge_;
};

}  // namespace bellhop
