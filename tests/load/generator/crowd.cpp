#include "crowd.h"

#include <algorithm>

namespace bellhop::load {
namespace {

constexpr std::size_t kHandshakesAtOnce = 64;
constexpr double kHandshakeLimitS = 10;

}  // namespace

Crowd::Crowd(Loop& loop, int port, std::size_t size, Member::Goal goal, Audience* audience) {
  const std::int64_t start = now_ns();
  members_.reserve(size);
  while (members_.size() < size) {
    const std::size_t first = members_.size();
    const std::size_t last = std::min(size, first + kHandshakesAtOnce);
    for (std::size_t i = first; i < last; ++i) {
      members_.push_back(
          std::make_unique<Member>(loop, port, goal, static_cast<unsigned>(i), audience));
    }
    std::size_t waiting_for = first;
    loop.run_until(
        [&] {
          while (waiting_for < last && members_[waiting_for]->ready()) {
            ++waiting_for;
          }
          return waiting_for == last;
        },
        kHandshakeLimitS, "handshakes");
  }
  open_rate_ = static_cast<double>(size) * 1e9 / static_cast<double>(now_ns() - start);
}

std::uint64_t Crowd::data_segments() const {
  std::uint64_t sum = 0;
  for (const auto& member : members_) {
    sum += member->data_segments();
  }
  return sum;
}

void Crowd::expect_events(std::uint64_t each) const {
  for (const auto& member : members_) {
    if (member->events() != each) {
      die("a member got " + std::to_string(member->events()) + " events instead of " +
          std::to_string(each));
    }
  }
}

}  // namespace bellhop::load
