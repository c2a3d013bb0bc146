#include "base/handle.h"

#include <type_traits>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(Handle){};

TEST(Handle, AValueInitialisedOneNamesNothing) {
  CHECK_FALSE(static_cast<bool>(SessionId{}));
  CHECK(static_cast<bool>(SessionId{0, 1}));
}

TEST(Handle, ADifferentGenerationIsAnotherHandle) {
  CHECK((SessionId{3, 1} == SessionId{3, 1}));
  CHECK_FALSE((SessionId{3, 1} == SessionId{3, 2}));
  CHECK_FALSE((SessionId{3, 1} == SessionId{4, 1}));
}

TEST(Handle, HandlesOfDifferentTablesDoNotMix) {
  CHECK_FALSE((std::is_convertible_v<SessionId, ConnectionId>));
}
