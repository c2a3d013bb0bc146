#include "base/local_time.h"

#include <array>
#include <cstdlib>
#include <ctime>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace bellhop;

namespace {

std::string at(std::int64_t ms, const char* zone) {
  setenv("TZ", zone, 1);
  tzset();
  std::array<char, kLocalTimeSize> out;
  return std::string(format_local_time(WallTime{Duration{ms}}, out));
}

}  // namespace

TEST_GROUP(LocalTime){void teardown() override{unsetenv("TZ");
tzset();
}
}
;

TEST(LocalTime, HasMillisecondsAndOffset) {
  STRCMP_EQUAL("2020-08-06T16:32:22.322+08:00", at(1596702742322, "CST-8").c_str());
  STRCMP_EQUAL("2020-08-06T08:32:22.322+00:00", at(1596702742322, "UTC0").c_str());
  STRCMP_EQUAL("2020-08-06T05:02:22.322-03:30", at(1596702742322, "NST3:30").c_str());
}

TEST(LocalTime, WorksPast2038AndBefore1970) {
  STRCMP_EQUAL("2040-01-01T00:00:00.007+00:00", at(2208988800007, "UTC0").c_str());
  STRCMP_EQUAL("1969-12-31T23:59:59.999+00:00", at(-1, "UTC0").c_str());
}

TEST(LocalTime, RefusesWhatDoesNotFit) {
  std::array<char, kLocalTimeSize - 1> small;
  CHECK(format_local_time(WallTime{}, small).empty());
  CHECK(at(400'000'000'000'000, "UTC0").empty());
}

TEST(LocalTime, TerminalsWantSevenDigits) {
  setenv("TZ", "CST-8", 1);
  tzset();
  std::array<char, kSendTimeSize> out;
  STRCMP_EQUAL("2020-08-06T16:32:22.3220000+08:00",
               std::string(format_send_time(WallTime{Duration{1596702742322}}, out)).c_str());
  CHECK(format_send_time(WallTime{}, std::span(out).first(kSendTimeSize - 1)).empty());
}
