#include "config/duration.h"

#include <string_view>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(ParseDuration){};

TEST(ParseDuration, ReadsANumberAndItsUnit) {
  struct Row {
    const char* text;
    std::int64_t seconds;
  };
  for (const Row& row : {Row{"90s", 90},
                         {"45m", 2700},
                         {"12h", 43200},
                         {"30d", 2592000},
                         {"36500d", 3153600000},
                         {"01d", 86400}}) {
    Duration duration{};
    CHECK_TEXT(parse_duration(row.text, duration), row.text);
    CHECK(duration == Duration{row.seconds * 1000});
  }
}

TEST(ParseDuration, RefusesWhatIsNone) {
  for (const char* text : {"", "d", "30", "0d", "-1d", "+1d", "1.5h", "1w", "1 d", " 1d", "1d ",
                           "36501d", "99999999999999999999s", "1dd", "0x1d"}) {
    Duration duration{};
    CHECK_FALSE_TEXT(parse_duration(text, duration), text);
  }
}
