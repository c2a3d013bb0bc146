#include "config/address.h"

#include <algorithm>
#include <charconv>

namespace bellhop {
namespace {

bool parse_number(std::string_view text, std::uint32_t max, std::uint32_t& number) {
  if (text.size() > 1 && text.front() == '0') return false;
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (text.empty() || result.ec != std::errc() || result.ptr != end || value > max) return false;
  number = value;
  return true;
}

bool fail(std::string& error, std::string_view reason) {
  error = reason;
  return false;
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

}  // namespace

bool parse_ipv4(std::string_view text, std::uint32_t& address) {
  std::uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = part == 3 ? text.size() : text.find('.');
    std::uint32_t number = 0;
    if (dot == std::string_view::npos || !parse_number(text.substr(0, dot), 255, number)) {
      return false;
    }
    value = value << 8 | number;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  address = value;
  return true;
}

bool parse_listen_address(std::string_view text, ListenAddress& address, std::string& error) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return fail(error, "write it as ADDRESS:PORT, for example \"0.0.0.0:8080\"");
  }
  std::uint32_t host = 0;
  if (!parse_ipv4(text.substr(0, colon), host)) {
    return fail(error, "the address must be an IPv4 address such as 0.0.0.0 or 192.168.1.2");
  }
  std::uint32_t port = 0;
  if (!parse_number(text.substr(colon + 1), 65535, port)) {
    return fail(error, "the port must be 0 to 65535");
  }
  address = {std::string(text.substr(0, colon)), static_cast<std::uint16_t>(port)};
  return true;
}

bool parse_ipv4_network(std::string_view text, Ipv4Network& network, std::string& error) {
  const std::size_t slash = text.find('/');
  std::uint32_t address = 0;
  if (!parse_ipv4(text.substr(0, slash), address)) {
    return fail(error, "write it as an IPv4 address or block, for example \"192.168.1.0/24\"");
  }
  std::uint32_t bits = 32;
  if (slash != std::string_view::npos && !parse_number(text.substr(slash + 1), 32, bits)) {
    return fail(error, "the length after '/' must be 0 to 32");
  }
  const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
  if ((address & ~mask) != 0) {
    return fail(error, "bits are set behind the length after '/': is the block meant or one host?");
  }
  network = {address, mask};
  return true;
}

bool check_origin(std::string_view text, std::string& error) {
  const std::size_t scheme = text.find("://");
  const std::string_view name = text.substr(0, scheme);
  if (scheme == std::string_view::npos || (name != "http" && name != "https")) {
    return fail(error, "an origin starts with http:// or https://");
  }
  const std::string_view authority = text.substr(scheme + 3);
  const std::size_t colon = authority.find(':');
  const std::string_view host = authority.substr(0, colon);
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_character)) {
    return fail(error, "an origin is http://HOST or http://HOST:PORT, lower case, without a path");
  }
  std::uint32_t port = 0;
  if (colon != std::string_view::npos &&
      (!parse_number(authority.substr(colon + 1), 65535, port) || port == 0)) {
    return fail(error, "the port of an origin must be 1 to 65535");
  }
  const std::uint32_t default_port = name == "http" ? 80 : 443;
  if (port == default_port) {
    return fail(error, "browsers leave the default port out of an origin: so must this");
  }
  return true;
}

}  // namespace bellhop
