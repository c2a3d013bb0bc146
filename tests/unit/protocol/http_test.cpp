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

TEST(Http, ACookieIsFoundByItsWholeName) {
  constexpr std::string_view kName = "USERTOKEN";
  CHECK_EQUAL("t"sv, http_cookie("USERTOKEN=t", kName));
  CHECK_EQUAL("t"sv, http_cookie("a=1; USERTOKEN=t; b=2", kName));
  CHECK_EQUAL("t"sv, http_cookie("XUSERTOKEN=bad; USERTOKEN=t", kName));
  CHECK_EQUAL("t"sv, http_cookie("a=USERTOKEN=bad;USERTOKEN=t", kName));
  CHECK_EQUAL("t"sv, http_cookie("USERTOKEN=\"t\"", kName));
  CHECK_EQUAL("a=b"sv, http_cookie("USERTOKEN=a=b", kName));
  for (const std::string_view none :
       {"", ";", "USERTOKEN", "USERTOKEN=", "USERTOKENX=t", "XUSERTOKEN=t", "usertoken=t"}) {
    CHECK_EQUAL(""sv, http_cookie(none, kName));
  }
}
