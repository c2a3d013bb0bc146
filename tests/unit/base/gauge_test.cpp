#include "base/gauge.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(TableGauge) {
  TableGauge gauge{.capacity = 2};
};

TEST(TableGauge, TheHighWaterMarkStays) {
  gauge.take();
  gauge.take();
  gauge.release();
  gauge.take();
  gauge.release();
  gauge.release();
  LONGS_EQUAL(0, gauge.in_use);
  LONGS_EQUAL(2, gauge.high_water);
}

TEST(TableGauge, IsFullAtItsCapacity) {
  gauge.take();
  CHECK_FALSE(gauge.full());
  gauge.take();
  CHECK(gauge.full());
  gauge.release();
  CHECK_FALSE(gauge.full());
}

TEST(TableGauge, CountsRefusalsApart) {
  gauge.refuse();
  gauge.refuse();
  LONGS_EQUAL(2, gauge.refusals);
  LONGS_EQUAL(0, gauge.in_use);
}
