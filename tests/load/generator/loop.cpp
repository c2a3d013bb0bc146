#include "loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace bellhop::load {

Loop::Loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) {
    die("epoll_create1 failed");
  }
}

Loop::~Loop() {
  close(epoll_);
}

void Loop::add(int fd, Pollable& owner, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &owner;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
    die("epoll_ctl(ADD) failed");
  }
}

void Loop::change(int fd, Pollable& owner, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &owner;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) != 0) {
    die("epoll_ctl(MOD) failed");
  }
}

void Loop::run_for(double seconds) {
  const std::int64_t end = now_ns() + seconds_to_ns(seconds);
  while (now_ns() < end) {
    turn(10);
  }
}

void Loop::turn(int timeout_ms) {
  std::array<epoll_event, 512> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  if (count < 0 && errno != EINTR) {
    die("epoll_wait failed");
  }
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    static_cast<Pollable*>(event.data.ptr)->on_ready(event.events);
  }
}

}  // namespace bellhop::load
