#pragma once
// WebSocket connections (RFC 6455): upgrade, whole messages in, ready-made frames out.
#include <cstddef>
#include <span>
#include <string_view>

#include "base/fixed_array.h"
#include "edge/edge_context.h"
#include "edge/http_edge.h"

struct lws;

namespace bellhop {

class WebSocketEdge {
 public:
  WebSocketEdge(EdgeContext& edge, HttpEdge& http, std::size_t write_buffer_bytes);

  // What lws reports; each returns what its callback is to return.
  [[nodiscard]] int on_upgrade(lws* wsi, Connection& connection);
  [[nodiscard]] int on_established(Connection& connection);
  [[nodiscard]] int on_receive(lws* wsi, Connection& connection, std::span<char> bytes);
  [[nodiscard]] int on_pong(Connection& connection);
  [[nodiscard]] int on_peer_close(Connection& connection, std::span<const char> payload);
  [[nodiscard]] int on_writeable(lws* wsi, Connection& connection);

  /// The socket is gone.
  void forget(Connection& connection);
  [[nodiscard]] std::size_t open_count() const { return open_count_; }

  [[nodiscard]] static bool can_write(const Connection& connection);
  void write(Connection& connection, std::span<const std::string_view> frames);
  /// Says goodbye with a close frame, at the end of the turn.
  void close(Connection& connection, WebSocketClose code, std::string_view reason);

 private:
  void deliver(Connection& connection, bool binary, std::span<char> message);
  [[nodiscard]] bool send(Connection& connection, std::string_view bytes);
  /// A buffer for a message that comes in pieces, until it is whole or kMessageTimeoutSeconds are
  /// over. When all are taken, whoever has waited longest for the rest of a message gives way.
  void take_assembly(Connection& connection);
  void drop_assembly(Connection& connection);
  /// Closes one that has sent a part of a message, for want of buffers.
  void give_up(Connection& connection);
  [[nodiscard]] int too_big(lws* wsi, Connection& connection, bool complete);
  [[nodiscard]] int cut(lws* wsi, Connection& connection, WebSocketClose code, CloseReason reason);

  EdgeContext& edge_;
  HttpEdge& http_;
  FixedArray<char> write_buffer_;
  HeadScratch scratch_;
  std::size_t open_count_ = 0;
};

}  // namespace bellhop
