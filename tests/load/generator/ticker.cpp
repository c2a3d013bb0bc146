#include "ticker.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <utility>

namespace bellhop::load {

Ticker::Ticker(Loop& loop, std::int64_t period_ns, std::function<void()> on_tick)
    : on_tick_(std::move(on_tick)),
      fd_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  const timespec period{period_ns / 1'000'000'000, period_ns % 1'000'000'000};
  const itimerspec setting{period, period};
  if (fd_ < 0 || timerfd_settime(fd_, 0, &setting, nullptr) != 0) {
    die("no timer");
  }
  loop.add(fd_, *this, EPOLLIN);
}

Ticker::~Ticker() {
  close(fd_);
}

void Ticker::on_ready(std::uint32_t /*events*/) {
  std::uint64_t periods = 0;
  if (read(fd_, &periods, sizeof periods) == sizeof periods) {
    on_tick_();
  }
}

}  // namespace bellhop::load
