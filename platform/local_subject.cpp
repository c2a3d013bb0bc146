#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "platform/certificate.h"

namespace bellhop {
namespace {

constexpr std::size_t kMostAddresses = 16;
constexpr std::size_t kLongestName = 63;  // one label (RFC 1035 section 2.3.4)

/// The first label of the machine's name, or a fixed word where it cannot stand in a certificate.
std::string host_label() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "bellhop";
  std::string label(name.data());
  label.resize(std::min(label.find('.'), label.size()));
  const bool sound = !label.empty() && label.size() <= kLongestName &&
                     std::all_of(label.begin(), label.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-';
                     });
  return sound ? label : "bellhop";
}

void add_interface_addresses(std::vector<std::uint32_t>& addresses) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return;
  for (const ifaddrs* at = list; at != nullptr && addresses.size() < kMostAddresses;
       at = at->ifa_next) {
    const bool usable = at->ifa_addr != nullptr && at->ifa_addr->sa_family == AF_INET &&
                        (at->ifa_flags & IFF_LOOPBACK) == 0;
    if (!usable) continue;
    sockaddr_in address{};
    std::memcpy(&address, at->ifa_addr, sizeof address);
    addresses.push_back(ntohl(address.sin_addr.s_addr));
  }
  freeifaddrs(list);
}

}  // namespace

CertificateSubject local_subject() {
  CertificateSubject subject;
  subject.host_name = host_label();
  subject.names = {subject.host_name + ".local", "localhost"};
  subject.ipv4_addresses = {INADDR_LOOPBACK};
  add_interface_addresses(subject.ipv4_addresses);
  return subject;
}

}  // namespace bellhop
