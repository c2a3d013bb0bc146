#pragma once

#include <cstdint>
#include <string>

#include "clock.h"
#include "die.h"

namespace bellhop::load {

// Whatever owns a socket in the loop. Must outlive its registration.
class Pollable {
 public:
  virtual ~Pollable() = default;
  virtual void on_ready(std::uint32_t events) = 0;
};

// A level-triggered epoll loop. Every wait in this program goes through run_until() and is bounded.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void add(int fd, Pollable& owner, std::uint32_t events);
  void change(int fd, Pollable& owner, std::uint32_t events);

  // Turns until done() holds; dies with `what` in the message when `limit_s` seconds have passed.
  template <typename Done>
  void run_until(Done done, double limit_s, const char* what) {
    const std::int64_t deadline = now_ns() + seconds_to_ns(limit_s);
    while (!done()) {
      if (now_ns() > deadline) {
        die(std::string("gave up waiting for ") + what);
      }
      turn(10);
    }
  }

  // Turns for `seconds`, whatever happens: for letting things settle, never as a condition.
  void run_for(double seconds);

 private:
  void turn(int timeout_ms);

  int epoll_;
};

}  // namespace bellhop::load
