#include "api/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <vector>

namespace bellhop {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

struct Metrics::Families {
  std::vector<MetricFamily> list;

  ClientMetric& add(std::string_view name, std::string_view help, MetricType type) {
    auto family = std::find_if(list.begin(), list.end(),
                               [&](const MetricFamily& f) { return f.name == name; });
    if (family == list.end()) {
      list.push_back({std::string(name), std::string(help), type, {}});
      family = list.end() - 1;
    }
    return family->metric.emplace_back();
  }
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::gauge(std::string_view name, std::string_view help, double value) {
  families_->add(name, help, MetricType::Gauge).gauge.value = value;
}

void Metrics::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  families_->add(name, help, MetricType::Counter).counter.value = static_cast<double>(value);
}

void Metrics::counter(std::string_view name, std::string_view help, std::uint64_t value,
                      std::string_view label, std::string_view label_value) {
  ClientMetric& metric = families_->add(name, help, MetricType::Counter);
  metric.counter.value = static_cast<double>(value);
  metric.label.push_back({std::string(label), std::string(label_value)});
}

void Metrics::table(std::string_view table, const TableGauge& gauge) {
  const auto row = [&](std::string_view name, std::string_view help, std::size_t value) {
    ClientMetric& metric = families_->add(name, help, MetricType::Gauge);
    metric.gauge.value = static_cast<double>(value);
    metric.label.push_back({"table", std::string(table)});
  };
  row("bellhop_table_capacity", "Slots of a fixed table", gauge.capacity);
  row("bellhop_table_in_use", "Slots in use", gauge.in_use);
  row("bellhop_table_high_water", "Most slots ever in use", gauge.high_water);
  counter("bellhop_table_refusals_total", "Newcomers refused because the table was full",
          gauge.refusals, "table", table);
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(families_->list);
}

}  // namespace bellhop
