#include "edge/websocket_edge.h"

#include <libwebsockets.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "edge/request_head.h"

namespace bellhop {
namespace {

constexpr int kCloseTimeoutSeconds = 5;
constexpr HttpAnswer kNotFound = {404, "text/html", "no WebSocket here\n", ""};
constexpr HttpAnswer kForbidden = {403, "text/html", "Forbidden", ""};
constexpr HttpAnswer kTooManySessions = {503, "text/html", "Too many new sessions",
                                         "Retry-After: 1\r\n"};

void say_close(lws* wsi, WebSocketClose code, std::string_view reason) {
  std::array<unsigned char, 64> text;
  const std::size_t size = std::min(reason.size(), text.size());
  std::copy_n(reason.begin(), size, text.begin());  // an empty one may point nowhere
  lws_close_reason(wsi, static_cast<lws_close_status>(code), text.data(), size);
}

}  // namespace

WebSocketEdge::WebSocketEdge(EdgeContext& edge, HttpEdge& http, std::size_t write_buffer_bytes)
    : edge_(edge), http_(http), write_buffer_(LWS_PRE + write_buffer_bytes) {}

// --- Upgrade -------------------------------------------------------------------------------------

int WebSocketEdge::on_upgrade(lws* wsi, Connection& connection) {
  const auto refuse = [&](const HttpAnswer& answer) {
    http_.refuse_upgrade(wsi, answer);
    return -1;
  };
  if (!connection.counted) return http_.refuse_address(wsi);
  const Mount* mount = find_mount(edge_, head_path(wsi));
  if (mount == nullptr) return refuse(kNotFound);
  if (!edge_.admission.origin_allowed(head_origin(wsi, scratch_), head_host(wsi, scratch_))) {
    return refuse(kForbidden);
  }
  const EngineIoQuery query = head_engineio_query(wsi, scratch_);
  const UpgradeRequest request = {query, head_token(wsi, query, scratch_),
                                  edge_.connections.id_of(connection)};
  if (request.query.sid.empty() &&
      !edge_.admission.session_allowed(connection.peer_ipv4, edge_.loop.now())) {
    return refuse(kTooManySessions);
  }
  const UpgradeDecision decision = mount->endpoint->upgrade(request, edge_.loop.now());
  if (decision.verdict == UpgradeVerdict::refuse) return refuse(decision.error);
  connection.closing = decision.verdict == UpgradeVerdict::accept_then_close;
  connection.upgrading = decision.verdict == UpgradeVerdict::accept;
  connection.mount = mount;
  connection.session = decision.session;
  return 0;
}

int WebSocketEdge::on_established(Connection& connection) {
  connection.upgrading = false;
  connection.websocket = true;
  ++open_count_;
  ++edge_.counters.websockets_opened;
  if (connection.closing) {
    lws_callback_on_writable(connection.wsi);
    return 0;
  }
  connection.mount->endpoint->websocket_open(connection.session,
                                             edge_.connections.id_of(connection), edge_.loop.now());
  return 0;
}

void WebSocketEdge::forget(Connection& connection) {
  if (std::exchange(connection.websocket, false)) --open_count_;
}

// --- In ------------------------------------------------------------------------------------------

int WebSocketEdge::on_receive(lws* wsi, Connection& connection, std::span<char> bytes) {
  if (connection.closing) return 0;
  const bool complete = lws_is_final_fragment(wsi) != 0 && lws_remaining_packet_payload(wsi) == 0;
  if (connection.skipping) {
    connection.skipping = !complete;
    return 0;
  }
  const bool binary = lws_frame_is_binary(wsi) != 0;
  if (complete && connection.assembly == kNoAssembly) {
    if (bytes.size() > edge_.max_message_bytes) return too_big(wsi, connection, complete);
    deliver(connection, binary, bytes);
    return 0;
  }
  if (connection.assembly == kNoAssembly) connection.assembly = edge_.assemblies.take();
  if (connection.assembly == kNoAssembly) {
    return cut(wsi, connection, WebSocketClose::try_again_later, CloseReason::out_of_memory);
  }
  const std::size_t so_far = edge_.assemblies.bytes(connection.assembly).size();
  if (so_far + bytes.size() > edge_.max_message_bytes ||
      !edge_.assemblies.append(connection.assembly, {bytes.data(), bytes.size()})) {
    return too_big(wsi, connection, complete);
  }
  if (!complete) return 0;
  deliver(connection, binary, edge_.assemblies.bytes(connection.assembly));
  edge_.assemblies.give_back(std::exchange(connection.assembly, kNoAssembly));
  return 0;
}

void WebSocketEdge::deliver(Connection& connection, bool binary, std::span<char> message) {
  connection.mount->endpoint->websocket_message(
      connection.session, edge_.connections.id_of(connection), binary, message, edge_.loop.now());
}

int WebSocketEdge::too_big(lws* wsi, Connection& connection, bool complete) {
  if (connection.assembly != kNoAssembly) {
    edge_.assemblies.give_back(std::exchange(connection.assembly, kNoAssembly));
  }
  if (!connection.mount->endpoint->websocket_too_big(connection.session, edge_.loop.now())) {
    return cut(wsi, connection, WebSocketClose::message_too_big, CloseReason::message_too_big);
  }
  connection.skipping = !complete;
  return 0;
}

int WebSocketEdge::cut(lws* wsi, Connection& connection, WebSocketClose code, CloseReason reason) {
  connection.closing = true;
  connection.mount->endpoint->connection_closed(connection.session,
                                                edge_.connections.id_of(connection), reason);
  say_close(wsi, code,
            reason == CloseReason::out_of_memory ? "no_buffer" : close_reason_name(reason));
  return -1;
}

int WebSocketEdge::on_pong(Connection& connection) {
  if (!connection.closing) {
    connection.mount->endpoint->websocket_pong(connection.session, edge_.loop.now());
  }
  return 0;
}

int WebSocketEdge::on_peer_close(Connection& connection, std::span<const char> payload) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(payload[i]); };
  const unsigned code = payload.size() < 2 ? 0 : byte(0) * 256U + byte(1);
  connection.said_goodbye = code == 0 || code == static_cast<unsigned>(WebSocketClose::normal);
  return 0;  // lws echoes it
}

// --- Out -----------------------------------------------------------------------------------------

bool WebSocketEdge::can_write(const Connection& connection) {
  return !connection.closing && lws_partial_buffered(connection.wsi) == 0;
}

void WebSocketEdge::write(Connection& connection, std::span<const std::string_view> frames) {
  // One frame leaves from its own memory; several are joined, since a system call costs more
  // than the copy.
  std::size_t joined = 0;
  char* const buffer = write_buffer_.begin() + LWS_PRE;
  const std::size_t capacity = write_buffer_.size() - LWS_PRE;
  edge_.counters.frames_written += frames.size();
  if (frames.size() == 1) {
    static_cast<void>(send(connection, frames[0]));
    return;
  }
  for (const std::string_view frame : frames) {
    if (joined > 0 && frame.size() > capacity - joined) {
      if (!send(connection, {buffer, joined})) return;
      joined = 0;
    }
    if (frame.size() > capacity) {
      if (!send(connection, frame)) return;
      continue;
    }
    std::memcpy(buffer + joined, frame.data(), frame.size());
    joined += frame.size();
  }
  if (joined > 0) static_cast<void>(send(connection, {buffer, joined}));
}

bool WebSocketEdge::send(Connection& connection, std::string_view bytes) {
  // The frames carry their headers already: LWS_WRITE_HTTP makes lws send the bytes as they are.
  auto* data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes.data()));
  ++edge_.counters.writes;
  edge_.counters.bytes_written += bytes.size();
  if (lws_write(connection.wsi, data, bytes.size(), LWS_WRITE_HTTP) < 0) {
    connection.closing = true;
    lws_set_timeout(connection.wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    return false;
  }
  if (lws_partial_buffered(connection.wsi) != 0) ++edge_.counters.short_writes;
  return true;
}

int WebSocketEdge::on_writeable(lws* wsi, Connection& connection) {
  if (connection.closing) {
    say_close(wsi, connection.close_code, connection.close_reason);
    return -1;
  }
  if (connection.mount != nullptr) connection.mount->endpoint->writable(connection.session);
  return 0;
}

void WebSocketEdge::close(Connection& connection, WebSocketClose code, std::string_view reason) {
  if (connection.closing) return;
  connection.closing = true;
  connection.close_code = code;
  connection.close_reason = reason;
  connection.mount = nullptr;
  // A socket that takes nothing any more never becomes writeable: then the time-out ends it.
  lws_set_timeout(connection.wsi, PENDING_TIMEOUT_CLOSE_SEND, kCloseTimeoutSeconds);
  lws_callback_on_writable(connection.wsi);
}

}  // namespace bellhop
