#include "platform/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace bellhop {

bool Signals::open(std::string& error) {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&wanted, number);
  // Blocked, or the default action would end the process before the descriptor is read.
  if (const int failure = pthread_sigmask(SIG_BLOCK, &wanted, &old_mask_); failure != 0) {
    error = std::string("cannot block signals: ") + std::strerror(failure);
    return false;
  }
  fd_ = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd_ >= 0) return true;
  error = std::string("cannot make a signal descriptor: ") + std::strerror(errno);
  pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
  return false;
}

Signals::~Signals() {
  if (fd_ < 0) return;
  close(fd_);
  pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
}

void Signals::failed_writes_are_errors() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

void Signals::ignore() {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, SIG_IGN);
}

Signal Signals::next() {
  signalfd_siginfo info{};
  if (fd_ < 0 || read(fd_, &info, sizeof info) != sizeof info) return Signal::none;
  return info.ssi_signo == SIGHUP ? Signal::reload : Signal::stop;
}

}  // namespace bellhop
