#include "base/utc_time.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(UtcTime){
    static WallTime at(std::int64_t seconds){return WallTime{std::chrono::seconds(seconds)};
}
}
;

TEST(UtcTime, WritesWhatTheCalendarSays) {
  struct Row {
    std::int64_t seconds;
    const char* text;
  };
  for (const Row& row :
       {Row{0, "1970-01-01T00:00:00Z"}, Row{-1, "1969-12-31T23:59:59Z"},
        Row{951'782'400, "2000-02-29T00:00:00Z"}, Row{2'147'483'648, "2038-01-19T03:14:08Z"},
        Row{2'208'988'800, "2040-01-01T00:00:00Z"}, Row{4'107'542'400, "2100-03-01T00:00:00Z"}}) {
    STRCMP_EQUAL(row.text, utc_text(at(row.seconds)).c_str());
    const auto back = from_utc(to_utc(at(row.seconds)));
    CHECK(back && *back == at(row.seconds));
  }
  STRCMP_EQUAL("1970-01-01T00:00:01Z", utc_text(WallTime{Duration{1999}}).c_str());
}

TEST(UtcTime, EveryDayOfFourCenturiesComesBack) {
  for (std::int64_t day = 0; day < 146'097; ++day) {
    const WallTime noon = at(day * 86'400 + 43'200);
    const auto back = from_utc(to_utc(noon));
    CHECK(back && *back == noon);
  }
}

TEST(UtcTime, RefusesTimesThatAreNone) {
  for (const UtcTime& time :
       {UtcTime{2026, 2, 29}, UtcTime{2026, 0, 1}, UtcTime{2026, 13, 1}, UtcTime{2026, 4, 31},
        UtcTime{2026, 1, 0}, UtcTime{2026, 1, -1}, UtcTime{-1, 1, 1}, UtcTime{10000, 1, 1},
        UtcTime{2026, 1, 1, 24, 0, 0}, UtcTime{2026, 1, 1, 0, 60, 0}, UtcTime{2026, 1, 1, 0, 0, 61},
        UtcTime{2026, 1, 1, -1, 0, 0}}) {
    CHECK_FALSE(from_utc(time).has_value());
  }
  CHECK(from_utc({2026, 6, 30, 23, 59, 60}) == from_utc({2026, 7, 1, 0, 0, 0}));
}
