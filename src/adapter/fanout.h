#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "gateway/effects.h"
#include "session/session_table.h"
#include "session/socketio_server.h"

namespace bellhop {

/// The namespace pages use; the only one this gateway has.
inline constexpr std::uint8_t kPageNamespace = 0;

/// Turns the rules' effects into frames: one encoding a dialect, one reference a receiver. Sessions
/// that are not `pages`' are call terminals.
class Fanout final : public Effects {
 public:
  Fanout(SessionTable& sessions, SocketIoServer& socketio, const SessionDriver& pages)
      : sessions_(sessions), socketio_(socketio), pages_(pages) {}

  [[nodiscard]] std::optional<std::size_t> send(std::span<const SessionId> to,
                                                const Event& event) override;
  [[nodiscard]] std::optional<std::size_t> notify(std::span<const SessionId> to,
                                                  const Notice& notice, Delivery delivery) override;
  void acknowledge(const Origin& origin, std::string_view data) override;
  void close(SessionId session) override;

 private:
  SessionTable& sessions_;
  SocketIoServer& socketio_;
  const SessionDriver& pages_;
};

}  // namespace bellhop
