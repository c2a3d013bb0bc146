#pragma once

#include <functional>

#include "loop.h"

namespace bellhop::load {

// Calls `on_tick` every `period_ns`, as far as the loop gets round to it, until it is destroyed.
class Ticker final : public Pollable {
 public:
  Ticker(Loop& loop, std::int64_t period_ns, std::function<void()> on_tick);
  ~Ticker() override;
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  void on_ready(std::uint32_t events) override;

 private:
  std::function<void()> on_tick_;
  int fd_;
};

}  // namespace bellhop::load
