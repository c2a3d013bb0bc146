#include "crowd.h"

#include "open_clients.h"

namespace bellhop::load {
Crowd::Crowd(Loop& loop, int port, std::size_t size, Member::Goal goal, Audience* audience) {
  const std::int64_t start = now_ns();
  open_clients(loop, members_, size, [&](std::size_t i) {
    return std::make_unique<Member>(loop, port, goal, static_cast<unsigned>(i), audience);
  });
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
