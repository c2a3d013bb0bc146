#pragma once
// The one event loop: epoll under libwebsockets (its event_lib_custom hook, 4.3.0 and later).
// lws's own loop is poll(), which costs O(connections) a turn, and its foreign loops make two
// epoll_ctl calls of each wish to write. Here a wish goes on a list and is served at the end of the
// same turn; EPOLLOUT is armed only for a socket that did not take all bytes.
#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/fixed_array.h"
#include "base/instant.h"

struct lws;
struct lws_context;
struct lws_event_loop_ops;
struct lws_plugin_evlib;

namespace bellhop {

/// What runs inside the loop. One turn: turn_began, any number of socket events each followed by
/// event_served, turn_ended, then the wishes to write.
class LoopClient {
 public:
  [[nodiscard]] virtual Instant next_due() const = 0;
  virtual void turn_began(Instant now) = 0;
  virtual void event_served() = 0;
  virtual void turn_ended(Instant now) = 0;

 protected:
  ~LoopClient() = default;
};

/// A descriptor of ours in the loop, e.g. the signals'.
class LoopSource {
 public:
  virtual void readable() = 0;

 protected:
  ~LoopSource() = default;
};

class EventLoop {
 public:
  /// `max_fd` bounds descriptor numbers.
  EventLoop(std::size_t max_fd, Instant (*read_clock)(void*), void* clock);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  [[nodiscard]] bool open(std::string& error);
  /// What lws_context_creation_info wants to bind a context to this loop.
  [[nodiscard]] const lws_plugin_evlib* evlib() const;
  [[nodiscard]] void** foreign_loops() { return foreign_loops_; }

  [[nodiscard]] bool watch(int fd, LoopSource& source);

  /// Turns until stop(). `context` was created on this loop.
  void run(lws_context* context, LoopClient& client);
  void stop() { running_ = false; }
  /// The time this turn began, as everything in the turn sees it.
  [[nodiscard]] Instant now() const { return now_; }

 private:
  friend struct EventLoopOps;  // lws's C callbacks

  struct FdState {
    std::uint32_t armed = 0;   ///< what epoll watches
    std::uint32_t serial = 0;  ///< tells a reused descriptor from its predecessor in one batch
    bool registered = false;
    bool wish = false;  ///< wants WRITEABLE at the end of this turn
    LoopSource* source = nullptr;
  };
  static constexpr int kBatch = 256;

  [[nodiscard]] bool add(int fd, std::uint32_t events);
  void remove(int fd);
  void rearm(int fd, std::uint32_t events);
  void change(lws* wsi, unsigned flags);
  void want_write(lws* wsi, int fd);
  [[nodiscard]] int wait_ms(lws_context* context, const LoopClient& client) const;
  void serve_event(lws_context* context, const epoll_event& event);
  void serve_wishes(lws_context* context);
  void serve(lws_context* context, int fd, short revents);

  int epoll_fd_ = -1;
  Instant (*read_clock_)(void*);
  void* clock_;
  Instant now_{};
  bool running_ = false;
  int serving_wish_fd_ = -1;
  FixedArray<FdState> fds_;
  FixedList<int> wishes_;
  void* foreign_loops_[1];
  epoll_event batch_[kBatch] = {};
};

}  // namespace bellhop
