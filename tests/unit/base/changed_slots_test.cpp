#include "base/changed_slots.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(ChangedSlots) {
  ChangedSlots slots{3};
};

TEST(ChangedSlots, NothingHasChangedAtFirst) {
  CHECK(slots.empty());
  CHECK(!slots.take());
}

TEST(ChangedSlots, HoldsEachSlotOnce) {
  for (int i = 0; i < 3; ++i) slots.mark(2);
  slots.mark(0);
  CHECK(!slots.empty());
  LONGS_EQUAL(0, slots.take().value());
  LONGS_EQUAL(2, slots.take().value());
  CHECK(!slots.take());
  CHECK(slots.empty());
}

TEST(ChangedSlots, ATakenSlotMayChangeAgain) {
  slots.mark(1);
  LONGS_EQUAL(1, slots.take().value());
  slots.mark(1);
  LONGS_EQUAL(1, slots.take().value());
  CHECK(slots.empty());
}

TEST(ChangedSlots, HoldsAllSlotsAtOnce) {
  for (std::uint32_t slot = 0; slot < 3; ++slot) slots.mark(slot);
  int taken = 0;
  while (slots.take()) ++taken;
  LONGS_EQUAL(3, taken);
}

TEST(ChangedSlots, TellsOfOneWhetherItHasChanged) {
  slots.mark(1);
  CHECK(slots.marked(1));
  CHECK(!slots.marked(0));
  LONGS_EQUAL(1, slots.take().value());
  CHECK(!slots.marked(1));
}
