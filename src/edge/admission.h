#pragma once
// Who may come in, before anybody is asked who they are: connections an address, new sessions a
// second, browser origins.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fixed_array.h"
#include "base/gauge.h"
#include "base/instant.h"

namespace bellhop {

struct AdmissionOptions {
  std::size_t addresses = 0;  ///< as many as there can be connections
  std::uint32_t connections_per_address = 64;
  std::uint32_t new_sessions_per_second = 20;  ///< an address; bursts up to connections_per_address
  std::vector<std::string> origins;            ///< exact; empty: the box's own; {"*"}: any
};

class Admission {
 public:
  explicit Admission(const AdmissionOptions& options);

  /// Counts a connection of `address` (IPv4, host byte order). False, counting nothing but the
  /// refusal, when it already has connections_per_address.
  [[nodiscard]] bool connection_opened(std::uint32_t address, Instant now);
  void connection_closed(std::uint32_t address);

  /// Takes one token of the address's bucket for a new session.
  [[nodiscard]] bool session_allowed(std::uint32_t address, Instant now);

  /// True for no Origin (not a browser), the box's own (`host` is the Host header), or a listed
  /// one.
  [[nodiscard]] bool origin_allowed(std::string_view origin, std::string_view host);
  void set_origins(std::vector<std::string> origins) { origins_ = std::move(origins); }

  [[nodiscard]] const TableGauge& addresses() const { return gauge_; }
  [[nodiscard]] std::uint64_t refused_connections() const { return refused_connections_; }
  [[nodiscard]] std::uint64_t refused_sessions() const { return refused_sessions_; }
  [[nodiscard]] std::uint64_t refused_origins() const { return refused_origins_; }

 private:
  struct Entry {
    std::uint32_t connections = 0;
    std::uint32_t tokens_milli = 0;  ///< thousandths of a session
    Instant refilled{};
  };
  [[nodiscard]] std::size_t find(std::uint32_t address) const;
  [[nodiscard]] std::size_t claim(std::uint32_t address, Instant now);
  void refill(Entry& entry, Instant now) const;

  AdmissionOptions options_;
  std::vector<std::string> origins_;
  FixedArray<std::uint32_t> addresses_;  ///< apart from the entries, for a quick search
  FixedArray<Entry> entries_;
  TableGauge gauge_;
  std::uint64_t refused_connections_ = 0;
  std::uint64_t refused_sessions_ = 0;
  std::uint64_t refused_origins_ = 0;
};

}  // namespace bellhop
