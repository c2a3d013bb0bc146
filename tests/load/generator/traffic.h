#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "loop.h"
#include "member.h"
#include "publisher.h"
#include "window.h"

namespace bellhop::load {

// Publishers pushing into a room. Each has one message under way: it posts the next one when the
// last is answered and every member has it. So one publisher shows pure fan-out, and thirty-two
// keep at most thirty-two messages queued for anybody.
class Traffic final : public Audience, public AnswerSink {
 public:
  // Connects the publishers; the members of the room come in by themselves, with this as audience.
  Traffic(Loop& loop, int port, pid_t server, std::size_t publishers);

  // Pushes to a room of `members` for `seconds`, then waits for what is under way. Latencies are
  // from just before the post.
  Window run(std::size_t members, double seconds);
  // All pushes of all windows.
  [[nodiscard]] std::uint64_t total_pushes() const { return total_pushes_; }

  void on_event(Member& member, std::string_view packet) override;
  void on_answer(std::size_t publisher) override;

 private:
  struct InFlight {
    std::uint64_t number = 0;
    std::int64_t posted_ns = 0;
    std::size_t missing = 0;  // members that do not have it yet
    bool answered = true;
  };

  void post_next(std::size_t publisher);
  void finish_one(std::size_t publisher);

  Loop& loop_;
  WindowMeter meter_;
  std::vector<std::unique_ptr<Publisher>> publishers_;
  std::vector<InFlight> in_flight_;  // by publisher
  std::uint64_t total_pushes_ = 0;
  std::uint64_t sequence_ = 0;
  std::size_t members_ = 0;
  std::size_t under_way_ = 0;
  std::int64_t stop_posting_ns_ = 0;
};

}  // namespace bellhop::load
