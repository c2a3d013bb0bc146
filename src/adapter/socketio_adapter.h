#pragma once
#include <optional>
#include <string_view>

#include "gateway/gateway.h"
#include "platform/clock.h"
#include "session/socketio_server.h"

namespace bellhop {

/// Turns what pages emit into the gateway's commands. It keeps no state.
class SocketIoAdapter final : public SocketIoHandler {
 public:
  SocketIoAdapter(Gateway& gateway, Clock& clock) : gateway_(gateway), clock_(clock) {}

  [[nodiscard]] std::optional<std::string_view> on_connecting(Socket socket,
                                                              std::string_view auth) override;
  void on_connected(Socket socket, std::string_view auth, Instant now) override;
  void on_event(Socket socket, const SocketIoEvent& event, Instant now) override;
  void on_disconnected(Socket socket) override;

 private:
  Gateway& gateway_;
  Clock& clock_;
};

}  // namespace bellhop
