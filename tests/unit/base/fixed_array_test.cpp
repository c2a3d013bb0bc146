#include "base/fixed_array.h"

#include <numeric>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(FixedArray){};

TEST(FixedArray, StartsValueInitialised) {
  FixedArray<int> array(100);
  LONGS_EQUAL(100, array.size());
  LONGS_EQUAL(0, std::accumulate(array.begin(), array.end(), 0));
}

TEST(FixedArray, AnEmptyOneHasNothingToWalk) {
  const FixedArray<int> array;
  LONGS_EQUAL(0, array.size());
  CHECK(array.begin() == array.end());
}

TEST(FixedArray, MovingHandsTheElementsOver) {
  FixedArray<int> first(3);
  first[2] = 7;
  const FixedArray<int> second = std::move(first);
  LONGS_EQUAL(7, second[2]);
}

TEST(FixedArray, SpanCoversAllElements) {
  FixedArray<int> array(5);
  array.span().back() = 9;
  LONGS_EQUAL(5, array.span().size());
  LONGS_EQUAL(9, array[4]);
}

TEST_GROUP(FixedList) {
  FixedList<int> list{3};
  void fill() {
    for (const int item : {10, 20, 30}) CHECK(list.push_back(item));
  }
};

TEST(FixedList, RefusesWhenFullAndKeepsWhatItHas) {
  fill();
  CHECK_FALSE(list.push_back(40));
  LONGS_EQUAL(3, list.size());
  LONGS_EQUAL(3, list.capacity());
  LONGS_EQUAL(30, list[2]);
}

TEST(FixedList, SwapRemoveMovesTheLastIntoTheGap) {
  fill();
  list.swap_remove(0);
  LONGS_EQUAL(2, list.size());
  LONGS_EQUAL(30, list[0]);
  LONGS_EQUAL(20, list[1]);
}

TEST(FixedList, SwapRemoveOfTheLastLeavesTheOthers) {
  fill();
  list.swap_remove(2);
  LONGS_EQUAL(2, list.span().size());
  LONGS_EQUAL(10, list.span()[0]);
  LONGS_EQUAL(20, list.span()[1]);
}

TEST(FixedList, IsUsableAgainAfterClear) {
  fill();
  list.clear();
  CHECK(list.empty());
  CHECK(list.push_back(1));
  LONGS_EQUAL(1, list[0]);
}

TEST(FixedList, ADefaultOneHoldsNothing) {
  FixedList<int> none;
  CHECK_FALSE(none.push_back(1));
}

TEST(FixedList, EraseKeepsTheOrderOfTheOthers) {
  fill();
  list.erase(10);
  LONGS_EQUAL(2, list.size());
  LONGS_EQUAL(20, list[0]);
  LONGS_EQUAL(30, list[1]);
  list.erase(30);
  LONGS_EQUAL(20, list[0]);
  list.erase(20);
  CHECK(list.empty());
}

TEST(FixedList, OfTwoEqualOnesEraseTakesTheFirst) {
  for (const int item : {7, 8, 7}) CHECK(list.push_back(item));
  list.erase(7);
  LONGS_EQUAL(2, list.size());
  LONGS_EQUAL(8, list[0]);
  LONGS_EQUAL(7, list[1]);
}
