#include "platform/signals.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

namespace {

bool readable(int fd) {
  pollfd entry{fd, POLLIN, 0};
  return poll(&entry, 1, 0) == 1;
}

bool blocked(int number) {
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  return sigismember(&mask, number) == 1;
}

}  // namespace

TEST_GROUP(Signals) {
  std::string error_;
};

TEST(Signals, TellsStopFromReload) {
  Signals signals;
  CHECK_EQUAL(-1, signals.fd());
  CHECK(signals.next() == Signal::none);
  CHECK(signals.open(error_));
  CHECK_FALSE(readable(signals.fd()));
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    CHECK_EQUAL(0, raise(number));
    CHECK(readable(signals.fd()));
    CHECK(signals.next() == (number == SIGHUP ? Signal::reload : Signal::stop));
    CHECK(signals.next() == Signal::none);
    CHECK_FALSE(readable(signals.fd()));
  }
}

TEST(Signals, PutsTheMaskBack) {
  {
    Signals signals;
    CHECK(signals.open(error_));
    CHECK(blocked(SIGTERM));
  }
  CHECK_FALSE(blocked(SIGTERM));
  CHECK_FALSE(blocked(SIGHUP));
}

TEST(Signals, AWriteThatCannotBeDoneDoesNotEndTheProcess) {
  void (*const before)(int) = std::signal(SIGXFSZ, SIG_DFL);
  Signals::failed_writes_are_errors();
  int ends[2];
  CHECK_EQUAL(0, pipe(ends));
  close(ends[0]);
  CHECK_EQUAL(-1, write(ends[1], "x", 1));
  close(ends[1]);
  CHECK_EQUAL(0, raise(SIGXFSZ));
  std::signal(SIGXFSZ, before);
}
