#pragma once
// Addresses as they stand in the configuration. IPv4 only: libwebsockets is built without IPv6.
#include <cstdint>
#include <string>
#include <string_view>

namespace bellhop {

/// Where to listen: `0.0.0.0:8080`. Port 0 means any free one.
struct ListenAddress {
  std::string host;  // dotted quad
  std::uint16_t port = 0;
};

/// A block of IPv4 addresses: `192.168.1.0/24`, or `10.0.0.7` for just one. Host byte order.
struct Ipv4Network {
  std::uint32_t address = 0;
  std::uint32_t mask = 0;

  [[nodiscard]] bool contains(std::uint32_t other) const { return (other & mask) == address; }
};

/// Dotted quad, nothing shorter and no leading zeros (which some readers take for octal).
[[nodiscard]] bool parse_ipv4(std::string_view text, std::uint32_t& address);

/// Each of these fills its value and returns true, or says in `error` what is wrong with `text`
/// (a clause such as "the port must be 0 to 65535") and leaves the value alone.
[[nodiscard]] bool parse_listen_address(std::string_view text, ListenAddress& address,
                                        std::string& error);
[[nodiscard]] bool parse_ipv4_network(std::string_view text, Ipv4Network& network,
                                      std::string& error);
/// What browsers send as Origin (RFC 6454 section 6.2): `https://host` or `http://host:port`, in
/// lower case and without a path.
[[nodiscard]] bool check_origin(std::string_view text, std::string& error);

}  // namespace bellhop
