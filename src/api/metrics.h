#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/gauge.h"

namespace bellhop {

/// Collects what /metrics shows and prints it in Prometheus text format 0.0.4, by the Prometheus
/// client library. Not on the path of a message: it uses the heap.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void gauge(std::string_view name, std::string_view help, double value);
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  /// One row of a counter that has a label.
  void counter(std::string_view name, std::string_view help, std::uint64_t value,
               std::string_view label, std::string_view label_value);
  /// bellhop_table_{capacity,in_use,high_water,refusals_total}{table="..."}
  void table(std::string_view table, const TableGauge& gauge);

  [[nodiscard]] std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace bellhop
