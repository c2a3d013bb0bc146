#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "loop.h"

namespace bellhop::load {

class Member;

// Hears every pushed event of the members it was given to. `packet` lives until the call returns.
class Audience {
 public:
  virtual ~Audience() = default;
  virtual void on_event(Member& member, std::string_view packet) = 0;
};

// One Socket.IO client (Engine.IO 4, WebSocket only): connects, enters the default namespace and,
// if asked, the room; then answers pings and hands on events. Dies at anything unexpected, a close
// by the server included: a server that sheds clients must not look fast.
class Member final : public Pollable {
 public:
  enum class Goal { connected, in_room };

  // `source_index` picks one of several loopback addresses, so that local ports do not run out.
  Member(Loop& loop, int port, Goal goal, unsigned source_index, Audience* audience);
  ~Member() override;
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  void on_ready(std::uint32_t events) override;

  [[nodiscard]] bool ready() const { return state_ == State::ready; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  // TCP segments with data received so far (TCP_INFO): what the server's writes looked like on the
  // wire, however late or early this program reads.
  [[nodiscard]] std::uint64_t data_segments() const;

 private:
  enum class State { connecting, upgrading, opening, entering, joining, ready };

  void start_upgrade();
  void read_all();
  std::size_t take_upgrade_answer(std::string_view bytes);
  std::size_t take_frames(std::string_view bytes);
  void on_frame(unsigned opcode, std::string_view payload);
  void on_packet(std::string_view packet);
  void send_text(std::string_view text);
  void send_bytes(std::string_view bytes) const;

  Loop& loop_;
  Audience* audience_;
  std::string rest_;  // an incomplete frame, kept for the next read
  std::uint64_t events_ = 0;
  int fd_;
  int port_;
  Goal goal_;
  State state_ = State::connecting;
};

}  // namespace bellhop::load
