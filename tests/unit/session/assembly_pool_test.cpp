#include "session/assembly_pool.h"

#include <string>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(AssemblyPool) {
  AssemblyPool pool{2, 8};

  std::string_view text(AssemblyRef buffer) {
    const std::span<char> bytes = pool.bytes(buffer);
    return {bytes.data(), bytes.size()};
  }
};

TEST(AssemblyPool, JoinsPieces) {
  const AssemblyRef buffer = pool.take();
  CHECK_EQUAL(""sv, text(buffer));
  CHECK(pool.append(buffer, "abc"));
  CHECK(pool.append(buffer, {}));
  CHECK(pool.append(buffer, "de"));
  CHECK_EQUAL("abcde"sv, text(buffer));
}

TEST(AssemblyPool, AnOverflowLeavesTheBufferAsItWas) {
  const AssemblyRef buffer = pool.take();
  CHECK(pool.append(buffer, "abcde"));
  CHECK_FALSE(pool.append(buffer, "fghi"));
  CHECK_EQUAL("abcde"sv, text(buffer));
  CHECK(pool.append(buffer, "fgh"));
  CHECK_FALSE(pool.append(buffer, "i"));
  CHECK_EQUAL("abcdefgh"sv, text(buffer));
}

TEST(AssemblyPool, BuffersDoNotTouch) {
  const AssemblyRef first = pool.take();
  const AssemblyRef second = pool.take();
  CHECK(pool.append(first, "aaaaaaaa"));
  CHECK(pool.append(second, "bbbbbbbb"));
  CHECK_EQUAL("aaaaaaaa"sv, text(first));
  CHECK_EQUAL("bbbbbbbb"sv, text(second));
}

TEST(AssemblyPool, TakenAndGivenBackAsTheGaugeSays) {
  const AssemblyRef first = pool.take();
  const AssemblyRef second = pool.take();
  CHECK(first != second);
  LONGS_EQUAL(kNoAssembly, pool.take());
  LONGS_EQUAL(2, pool.gauge().in_use);
  LONGS_EQUAL(1, pool.gauge().refusals);
  CHECK(pool.append(first, "old"));
  pool.give_back(first);
  LONGS_EQUAL(1, pool.gauge().in_use);
  const AssemblyRef again = pool.take();
  LONGS_EQUAL(first, again);
  CHECK_EQUAL(""sv, text(again));
  LONGS_EQUAL(2, pool.gauge().high_water);
}
