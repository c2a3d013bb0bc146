#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "loop.h"

namespace bellhop::load {

// One WebSocket connection: connects, upgrades, hands on text messages and answers pings. Dies at
// anything unexpected, a close by the server included: a server that sheds clients must not look
// fast.
class WebSocketClient : public Pollable {
 public:
  // `target` is the path with its query. `source_index` picks one of several loopback addresses, so
  // that local ports do not run out.
  WebSocketClient(Loop& loop, int port, std::string target, unsigned source_index);
  ~WebSocketClient() override;
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  void on_ready(std::uint32_t events) final;

  // TCP segments with data received so far (TCP_INFO): what the server's writes looked like on the
  // wire, however late or early this program reads.
  [[nodiscard]] std::uint64_t data_segments() const;

 protected:
  // The upgrade is done; messages follow.
  virtual void on_open() = 0;
  // `text` lives until the call returns.
  virtual void on_text(std::string_view text) = 0;

  // Sends whole frames; what the socket does not take at once is an error.
  void send_bytes(std::string_view bytes) const;
  // As above, for a connection that is about to go: nobody cares whether it arrives.
  void send_farewell(std::string_view bytes) const;

 private:
  enum class State { connecting, upgrading, open };

  void start_upgrade();
  void read_all();
  std::size_t take_upgrade_answer(std::string_view bytes);
  std::size_t take_frames(std::string_view bytes);
  void on_frame(unsigned opcode, std::string_view payload);

  Loop& loop_;
  std::string target_;
  std::string rest_;  // an incomplete frame, kept for the next read
  int fd_;
  int port_;
  State state_ = State::connecting;
};

}  // namespace bellhop::load
