#include "api/metrics.h"

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(Metrics) {
  Metrics metrics;
};

TEST(Metrics, NothingIsNoText) {
  CHECK_EQUAL(""sv, std::string_view(metrics.text()));
}

TEST(Metrics, GaugesAndCountersHaveTheirHelpAndType) {
  metrics.gauge("bellhop_ready", "1 when ready", 1);
  metrics.counter("bellhop_pushes_total", "Pushes taken", 7);
  CHECK_EQUAL(
      "# HELP bellhop_ready 1 when ready\n# TYPE bellhop_ready gauge\nbellhop_ready 1\n"
      "# HELP bellhop_pushes_total Pushes taken\n# TYPE bellhop_pushes_total counter\n"
      "bellhop_pushes_total 7\n"sv,
      std::string_view(metrics.text()));
}

TEST(Metrics, LargeCountersAreExact) {
  metrics.counter("a_total", "a", 123456789012345);
  CHECK(metrics.text().ends_with("\na_total 123456789012345\n"));
}

TEST(Metrics, RowsOfOneNameAreOneFamily) {
  metrics.counter("a_total", "a", 1, "kind", "x");
  metrics.gauge("b", "b", 2);
  metrics.counter("a_total", "a", 3, "kind", "say \"y\"\n");
  CHECK_EQUAL(
      "# HELP a_total a\n# TYPE a_total counter\na_total{kind=\"x\"} 1\n"
      "a_total{kind=\"say \\\"y\\\"\\n\"} 3\n# HELP b b\n# TYPE b gauge\nb 2\n"sv,
      std::string_view(metrics.text()));
}

TEST(Metrics, ATableIsFourRows) {
  metrics.table("rooms", {.capacity = 256, .in_use = 3, .high_water = 9, .refusals = 2});
  metrics.table("sessions", {.capacity = 1024});
  const std::string text = metrics.text();
  for (const std::string_view line : {"\nbellhop_table_capacity{table=\"rooms\"} 256\n",
                                      "\nbellhop_table_in_use{table=\"rooms\"} 3\n",
                                      "\nbellhop_table_high_water{table=\"rooms\"} 9\n",
                                      "\nbellhop_table_refusals_total{table=\"rooms\"} 2\n",
                                      "\nbellhop_table_capacity{table=\"sessions\"} 1024\n",
                                      "\n# TYPE bellhop_table_refusals_total counter\n"}) {
    CHECK_TEXT(text.find(line) != std::string::npos, StringFrom(line).asCharString());
  }
}
