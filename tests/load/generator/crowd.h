#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "loop.h"
#include "member.h"

namespace bellhop::load {

// Some members that came in together. They leave when the crowd is destroyed.
class Crowd {
 public:
  // Opens `size` members, a few dozen handshakes at a time, and returns when all are ready.
  Crowd(Loop& loop, int port, std::size_t size, Member::Goal goal, Audience* audience);

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  // Members opened a second, seen from here.
  [[nodiscard]] double open_rate() const { return open_rate_; }
  [[nodiscard]] std::uint64_t data_segments() const;
  // Dies unless every member has seen exactly `each` events since it came.
  void expect_events(std::uint64_t each) const;

 private:
  std::vector<std::unique_ptr<Member>> members_;
  double open_rate_ = 0;
};

}  // namespace bellhop::load
