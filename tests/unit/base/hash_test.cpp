#include "base/hash.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(Hash){};

TEST(Hash, IsFnv1a) {
  UNSIGNED_LONGS_EQUAL(0x811c9dc5, hash_text(""));
  UNSIGNED_LONGS_EQUAL(0xe40c292c, hash_text("a"));
  UNSIGNED_LONGS_EQUAL(0xbf9cf968, hash_text("foobar"));
}
