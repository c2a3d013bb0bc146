#include "base/id_text.h"

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(IdText){};

TEST(IdText, HoldsAnyNumber) {
  CHECK_EQUAL("0"sv, IdText(0).view());
  CHECK_EQUAL("18446744073709551615"sv, IdText(18446744073709551615U).view());
}
