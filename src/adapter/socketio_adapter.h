#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "adapter/bearers.h"
#include "gateway/gateway.h"
#include "gateway/switchboard.h"
#include "platform/clock.h"
#include "session/socketio_server.h"

namespace bellhop {

/// Turns what pages emit into commands: rooms for every page, presence and calls for those that
/// show a token.
class SocketIoAdapter final : public SocketIoHandler {
 public:
  SocketIoAdapter(Gateway& gateway, Switchboard& switchboard, Bearers& bearers,
                  SessionTable& sessions, Clock& clock, unsigned max_json_depth)
      : gateway_(gateway),
        switchboard_(switchboard),
        bearers_(bearers),
        sessions_(sessions),
        clock_(clock),
        max_json_depth_(max_json_depth) {}

  void on_handshake(SessionId session, std::string_view token, Instant now) override;
  [[nodiscard]] std::optional<std::string_view> on_connecting(Socket socket, std::string_view auth,
                                                              Instant now) override;
  void on_connected(Socket socket, std::string_view auth, Instant now) override;
  void on_event(Socket socket, const SocketIoEvent& event, Instant now) override;
  void on_disconnected(Socket socket, bool goodbye) override;

 private:
  void on_frame(const Origin& origin, std::string_view arguments, Instant now);
  [[nodiscard]] Moment moment(Instant now) { return {now, clock_.wall_now()}; }

  Gateway& gateway_;
  Switchboard& switchboard_;
  Bearers& bearers_;
  SessionTable& sessions_;
  Clock& clock_;
  unsigned max_json_depth_;
  TerminalScratch scratch_{};
  std::array<char, 128> refusal_{};
};

}  // namespace bellhop
