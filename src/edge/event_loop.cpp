#include "edge/event_loop.h"

#include <libwebsockets.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace bellhop {
namespace {

/// Turns of lws's own timers and of ours are never further apart.
constexpr int kLongestWaitMs = 1000;
/// A turn that comes so late was held up: what has arrived meanwhile is read before clients are
/// judged by it.
constexpr Duration kHeldUp{500};
/// Wishes that serving wishes raises wait for the next turn after so many rounds.
constexpr int kWishRounds = 4;

struct LoopPointer {
  EventLoop* loop;
};

EventLoop* loop_of(lws* wsi) {
  return static_cast<LoopPointer*>(lws_evlib_wsi_to_evlib_pt(wsi))->loop;
}

}  // namespace

/// The C side of the hook; each function is one call.
struct EventLoopOps {
  static int init_pt(lws_context* context, void* loop, int tsi) {
    static_cast<LoopPointer*>(lws_evlib_tsi_to_evlib_pt(context, tsi))->loop =
        static_cast<EventLoop*>(loop);
    return 0;
  }
  static int sock_accept(lws* wsi) {
    return loop_of(wsi)->add(lws_get_socket_fd(wsi), EPOLLIN) ? 0 : 1;
  }
  static int logical_close(lws* wsi) {
    if (lws_get_socket_fd(wsi) != LWS_SOCK_INVALID) loop_of(wsi)->remove(lws_get_socket_fd(wsi));
    return 0;
  }
  static void io(lws* wsi, unsigned flags) { loop_of(wsi)->change(wsi, flags); }

  static lws_event_loop_ops make_ops() {
    lws_event_loop_ops ops{};
    ops.name = "bellhop";
    ops.init_pt = init_pt;
    ops.init_vhost_listen_wsi = sock_accept;
    ops.sock_accept = sock_accept;
    ops.io = io;
    ops.wsi_logical_close = logical_close;
    ops.evlib_size_pt = sizeof(LoopPointer);
    return ops;
  }
};

EventLoop::EventLoop(std::size_t max_fd, Instant (*read_clock)(void*), void* clock)
    : read_clock_(read_clock),
      clock_(clock),
      now_(read_clock(clock)),
      fds_(max_fd),
      wishes_(4 * max_fd),
      foreign_loops_{this} {}

EventLoop::~EventLoop() {
  if (epoll_fd_ >= 0) close(epoll_fd_);
}

bool EventLoop::open(std::string& error) {
  epoll_fd_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd_ >= 0) return true;
  error = std::string("epoll_create1: ") + std::strerror(errno);
  return false;
}

const lws_plugin_evlib* EventLoop::evlib() const {
  static const lws_event_loop_ops ops = EventLoopOps::make_ops();
  static const lws_plugin_evlib_t evlib = {
      {"bellhop event loop", "lws_evlib_plugin", LWS_BUILD_HASH, LWS_PLUGIN_API_MAGIC}, &ops};
  return &evlib;
}

// --- Registration --------------------------------------------------------------------------------

bool EventLoop::add(int fd, std::uint32_t events) {
  if (static_cast<std::size_t>(fd) >= fds_.size()) return false;
  FdState& state = fds_[static_cast<std::size_t>(fd)];
  ++state.serial;
  epoll_event event{};
  event.events = events;
  event.data.u64 = static_cast<std::uint64_t>(state.serial) << 32 | static_cast<std::uint32_t>(fd);
  if (epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0) return false;
  state.armed = events;
  state.registered = true;
  return true;
}

void EventLoop::remove(int fd) {
  FdState& state = fds_[static_cast<std::size_t>(fd)];
  if (!state.registered) return;
  epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
  const std::uint32_t serial = state.serial;
  state = FdState{};
  state.serial = serial + 1;
}

void EventLoop::rearm(int fd, std::uint32_t events) {
  FdState& state = fds_[static_cast<std::size_t>(fd)];
  if (!state.registered || state.armed == events) return;
  epoll_event event{};
  event.events = events;
  event.data.u64 = static_cast<std::uint64_t>(state.serial) << 32 | static_cast<std::uint32_t>(fd);
  if (epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, fd, &event) == 0) state.armed = events;
}

bool EventLoop::watch(int fd, LoopSource& source) {
  if (!add(fd, EPOLLIN)) return false;
  fds_[static_cast<std::size_t>(fd)].source = &source;
  return true;
}

void EventLoop::change(lws* wsi, unsigned flags) {
  const int fd = lws_get_socket_fd(wsi);
  if (fd < 0) return;
  FdState& state = fds_[static_cast<std::size_t>(fd)];
  const bool start = (flags & LWS_EV_START) != 0;
  if ((flags & LWS_EV_READ) != 0) {
    rearm(fd, start ? state.armed | EPOLLIN : state.armed & ~std::uint32_t{EPOLLIN});
  }
  if ((flags & LWS_EV_WRITE) == 0) return;
  if (start) return want_write(wsi, fd);
  state.wish = false;
  rearm(fd, state.armed & ~std::uint32_t{EPOLLOUT});
}

void EventLoop::want_write(lws* wsi, int fd) {
  FdState& state = fds_[static_cast<std::size_t>(fd)];
  // Bytes left over, or a second wish while the first is served (a TLS handshake that cannot
  // write): only the kernel knows when. serve_wishes() would spin.
  if (fd == serving_wish_fd_ || lws_partial_buffered(wsi) != 0) {
    return rearm(fd, state.armed | EPOLLOUT);
  }
  if (state.wish || !state.registered) return;
  state.wish = wishes_.push_back(fd);
  if (!state.wish) rearm(fd, state.armed | EPOLLOUT);
}

// --- Turns ---------------------------------------------------------------------------------------

int EventLoop::wait_ms(lws_context* context, const LoopClient& client) const {
  if (!wishes_.empty()) return 0;
  const int lws_wait = lws_service_adjust_timeout(context, kLongestWaitMs, 0);
  const Instant due = client.next_due();
  if (due == kNever) return lws_wait;
  const auto ours = std::clamp<std::int64_t>((due - read_clock_(clock_)).count(), 0, lws_wait);
  return static_cast<int>(ours);
}

void EventLoop::run(lws_context* context, LoopClient& client) {
  running_ = true;
  while (running_) {
    const int wait = wait_ms(context, client);
    const int events = epoll_wait(epoll_fd_, batch_, kBatch, wait);
    const Instant last = now_;
    now_ = read_clock_(clock_);
    if (now_ - last < Duration{wait} + kHeldUp) client.turn_began(now_);
    for (int i = 0; i < events; ++i) {
      serve_event(context, batch_[i]);
      client.event_served();
    }
    if (lws_service_adjust_timeout(context, 1, 0) == 0) _lws_plat_service_forced_tsi(context, 0);
    client.turn_ended(now_);
    serve_wishes(context);
  }
}

void EventLoop::serve_event(lws_context* context, const epoll_event& event) {
  const int fd = static_cast<int>(event.data.u64 & 0xffffffff);
  const FdState& state = fds_[static_cast<std::size_t>(fd)];
  if (!state.registered || state.serial != event.data.u64 >> 32) return;
  if (state.source != nullptr) return state.source->readable();
  short revents = 0;
  if ((event.events & EPOLLIN) != 0) revents |= LWS_POLLIN;
  if ((event.events & EPOLLOUT) != 0) revents |= LWS_POLLOUT;
  if ((event.events & (EPOLLHUP | EPOLLERR)) != 0) revents |= LWS_POLLHUP;
  serve(context, fd, revents);
}

void EventLoop::serve_wishes(lws_context* context) {
  std::size_t next = 0;
  for (int round = 0; round < kWishRounds; ++round) {
    const std::size_t end = wishes_.size();
    if (next == end) break;
    for (; next < end; ++next) {
      const int fd = wishes_[next];
      FdState& state = fds_[static_cast<std::size_t>(fd)];
      if (!state.wish) continue;
      state.wish = false;
      serving_wish_fd_ = fd;
      serve(context, fd, LWS_POLLOUT);
      serving_wish_fd_ = -1;
    }
  }
  // Those raised in the last round stay for the next turn, which then does not wait.
  std::size_t kept = 0;
  for (; next < wishes_.size(); ++next) wishes_[kept++] = wishes_[next];
  wishes_.truncate(kept);
}

void EventLoop::serve(lws_context* context, int fd, short revents) {
  lws_pollfd pollfd{};
  pollfd.fd = fd;
  pollfd.events = LWS_POLLIN | LWS_POLLOUT;
  pollfd.revents = revents;
  lws_service_fd(context, &pollfd);
}

}  // namespace bellhop
