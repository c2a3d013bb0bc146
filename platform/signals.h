#pragma once
#include <csignal>
#include <cstdint>
#include <string>

namespace bellhop {

enum class Signal : std::uint8_t { none, stop, reload };

/// SIGTERM and SIGINT (stop) and SIGHUP (reload) as something an event loop can poll, so that
/// nothing runs inside a signal handler. Open it before any thread starts: threads inherit the
/// mask. The destructor restores the mask.
class Signals {
 public:
  Signals() = default;
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  [[nodiscard]] bool open(std::string& error);

  /// Readable when next() has something to say. -1 before open().
  [[nodiscard]] int fd() const { return fd_; }

  /// The next pending signal, or none; never waits.
  [[nodiscard]] Signal next();

  /// A write that cannot be done is an error of that write and not the end of the process: to a
  /// connection that was closed, or beyond the size that files may have (ulimit -f).
  static void failed_writes_are_errors();

  /// From now on they do nothing, pending ones included: a second SIGTERM while the process ends
  /// must not change its exit code.
  static void ignore();

 private:
  int fd_ = -1;
  sigset_t old_mask_{};
};

}  // namespace bellhop
