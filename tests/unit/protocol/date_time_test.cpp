#include "protocol/date_time.h"

#include <string>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(DateTime){
    static std::string read(std::string_view text){const auto at = parse_date_time(text);
return at ? std::to_string(at->time_since_epoch().count()) : "-";
}
}
;

TEST(DateTime, ReadsMoments) {
  CHECK_EQUAL("0"sv, std::string_view(read("1970-01-01T00:00:00Z")));
  CHECK_EQUAL("1596702992322"sv, std::string_view(read("2020-08-06T16:36:32.3224288+08:00")));
  CHECK_EQUAL("1700000000000"sv, std::string_view(read("2023-11-14T22:13:20+00:00")));
  CHECK_EQUAL("1700000000500"sv, std::string_view(read("2023-11-14T16:43:20.5-05:30")));
  CHECK_EQUAL("951782400000"sv, std::string_view(read("2000-02-29T00:00:00Z")));
  CHECK_EQUAL("253402300799999"sv, std::string_view(read("9999-12-31T23:59:59.999Z")));
  CHECK_EQUAL("1483228800000"sv, std::string_view(read("2016-12-31T23:59:60Z")));
}

TEST(DateTime, RefusesWhatIsNone) {
  for (const std::string_view text : {"",
                                      "2023",
                                      "2023-11-14",
                                      "2023-11-14T22:13:20",
                                      "2023-11-14 22:13:20Z",
                                      "2023-11-14T22:13Z",
                                      "2023-13-14T22:13:20Z",
                                      "2023-00-14T22:13:20Z",
                                      "2023-02-29T00:00:00Z",
                                      "2023-11-31T22:13:20Z",
                                      "2023-11-14T24:13:20Z",
                                      "2023-11-14T22:60:20Z",
                                      "2023-11-14T22:13:61Z",
                                      "2023-11-14T22:13:20.Z",
                                      "2023-11-14T22:13:20+0800",
                                      "2023-11-14T22:13:20+24:00",
                                      "2023-11-14T22:13:20Z ",
                                      " 2023-11-14T22:13:20Z",
                                      "-023-11-14T22:13:20Z",
                                      "2023-11-14T22:13:20ZZ",
                                      "12023-11-14T22:13:20Z"}) {
    CHECK_EQUAL("-"sv, std::string_view(read(text)));
  }
}
