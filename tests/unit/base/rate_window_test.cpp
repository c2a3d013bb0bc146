#include "base/rate_window.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(RateWindow){};

TEST(RateWindow, TakesSoManyInTenSecondsAndThenAgain) {
  RateWindow window;
  const auto at = [](std::int64_t ms) { return Instant{Duration{ms}}; };
  CHECK(window.take(at(5), 2));
  CHECK(window.take(at(6), 2));
  CHECK_FALSE(window.take(at(7), 2));
  CHECK_FALSE(window.take(at(10'004), 2));
  CHECK(window.take(at(10'005), 2));
  CHECK(window.take(at(10'005), 2));
  CHECK_FALSE(window.take(at(20'004), 2));
}
