#pragma once

#include <cstdint>
#include <string_view>

#include "websocket_client.h"

namespace bellhop::load {

class Member;

// Hears every pushed event of the members it was given to. `packet` lives until the call returns.
class Audience {
 public:
  virtual ~Audience() = default;
  virtual void on_event(Member& member, std::string_view packet) = 0;
};

// One Socket.IO client (Engine.IO 4, WebSocket only): enters the default namespace and, if asked,
// the room; then answers pings and hands on events.
class Member final : public WebSocketClient {
 public:
  enum class Goal { connected, in_room };

  Member(Loop& loop, int port, Goal goal, unsigned source_index, Audience* audience);

  [[nodiscard]] bool ready() const { return state_ == State::ready; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  enum class State { upgrading, opening, entering, joining, ready };

  void on_open() override;
  void on_text(std::string_view packet) override;
  void send_text(std::string_view text);

  Audience* audience_;
  std::uint64_t events_ = 0;
  Goal goal_;
  State state_ = State::upgrading;
};

}  // namespace bellhop::load
