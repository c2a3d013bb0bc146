#include "protocol/http.h"

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(Http){};

TEST(Http, ABearerTokenFollowsItsSchemeInAnyCase) {
  CHECK_EQUAL("abc"sv, http_bearer("Bearer abc"));
  CHECK_EQUAL("a.b-c_d"sv, http_bearer("bEARER a.b-c_d"));
  for (const std::string_view other :
       {"", "Bearer", "Bearer ", "Basic abc", "Bearerabc", "abc", " Bearer abc"}) {
    CHECK_EQUAL(""sv, http_bearer(other));
  }
}
