#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "loop.h"

namespace bellhop::load {

inline constexpr std::size_t kHandshakesAtOnce = 64;
inline constexpr double kHandshakeLimitS = 10;

// Fills `clients` up to `size` with make(index), a few dozen handshakes at a time, and returns when
// all are ready().
template <class Client, class Make>
void open_clients(Loop& loop, std::vector<std::unique_ptr<Client>>& clients, std::size_t size,
                  Make make) {
  clients.reserve(size);
  while (clients.size() < size) {
    std::size_t waiting_for = clients.size();
    const std::size_t last = std::min(size, waiting_for + kHandshakesAtOnce);
    for (std::size_t i = waiting_for; i < last; ++i) {
      clients.push_back(make(i));
    }
    loop.run_until(
        [&] {
          while (waiting_for < last && clients[waiting_for]->ready()) {
            ++waiting_for;
          }
          return waiting_for == last;
        },
        kHandshakeLimitS, "handshakes");
  }
}

}  // namespace bellhop::load
