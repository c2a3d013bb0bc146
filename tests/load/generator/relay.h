#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loop.h"
#include "terminal.h"
#include "window.h"

namespace bellhop::load {

// Call terminals in pairs (0 and 1, 2 and 3, ...) that send each other frames. Dies unless every
// frame arrives as it was sent, in order, once, at the right terminal, and has its receipt.
class Relay final : public TerminalSink {
 public:
  // Opens `size` terminals, with the tokens of `token_file` (line N for user N), and returns when
  // each has an online list of them all.
  Relay(Loop& loop, int port, pid_t server, const std::string& token_file, std::size_t size);

  // For `seconds` the even terminals send: each the next frame when the last one's delivery and
  // receipt are both there. Then waits for what is under way. Latencies are from just before
  // sending.
  Window run_closed(double seconds);
  // For `seconds` a frame is due every 1 / `per_second`, from each terminal in turn, whatever has
  // become of those before. Then waits. Latencies are from when a frame was due, so a late
  // generator or a server that holds it up shows in them.
  Window run_steady(double seconds, double per_second);

  void on_event(std::size_t terminal, std::string_view text) override;
  void on_receipt(std::size_t terminal, std::string_view text) override;

 private:
  // A server that lets this many frames of one sender wait does not keep up.
  static constexpr std::size_t kMostUnderWay = 64;

  struct Sent {
    std::uint64_t number;
    std::int64_t since_ns;
  };
  // What one terminal has sent to its partner; counts of frames since the start.
  struct Flow {
    std::array<Sent, kMostUnderWay> frames{};  // frame n at n % kMostUnderWay
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;
    std::uint64_t receipts = 0;
  };

  void send_next(std::size_t sender, std::int64_t since_ns);
  void send_due(std::int64_t start_ns, std::int64_t period_ns, std::uint64_t total);
  void finish_one(std::size_t sender);
  Window wait_and_stop(double limit_s);

  Loop& loop_;
  WindowMeter meter_;
  std::vector<std::unique_ptr<Terminal>> terminals_;
  std::vector<Flow> flows_;                    // by sender
  std::uint64_t next_number_ = 1'000'000'000;  // ten digits for 9 thousand million frames
  std::uint64_t due_sent_ = 0;                 // frames of the steady window so far
  std::size_t under_way_ = 0;                  // frames without delivery or without receipt
  std::int64_t stop_sending_ns_ = 0;           // closed loop: no next frame after it
};

}  // namespace bellhop::load
