#pragma once
#include <avahi-common/simple-watch.h>
#include <avahi-core/core.h>
#include <avahi-core/publish.h>

#include <cstdint>
#include <string>

namespace bellhop {

/// What to announce; a port of 0 is none.
struct Announced {
  std::string name;
  std::uint16_t http = 0;
  std::uint16_t https = 0;
};

/// The box's name and services on the LAN, by multicast DNS (RFC 6762) and DNS-SD (RFC 6763), IPv4
/// only. A name that somebody else has already is given up for NAME-2. The destructor says goodbye.
class Announcement {
 public:
  Announcement(AvahiSimplePoll* loop, const Announced& what) : loop_(loop), what_(what) {}
  ~Announcement();
  Announcement(const Announcement&) = delete;
  Announcement& operator=(const Announcement&) = delete;

  [[nodiscard]] bool start();
  /// It had to give up, and has ended the loop.
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  static void on_server(AvahiServer* server, AvahiServerState state, void* self);
  static void on_group(AvahiServer* server, AvahiSEntryGroup* group, AvahiEntryGroupState state,
                       void* self);

  void take_another_host_name();
  void take_another_service_name();
  void publish_services();
  [[nodiscard]] bool add_service(const char* type, std::uint16_t port);
  void withdraw_services();
  void fail(const char* what);

  AvahiSimplePoll* loop_;
  Announced what_;
  AvahiServer* server_ = nullptr;
  AvahiSEntryGroup* services_ = nullptr;
  std::string service_name_;
  bool failed_ = false;
};

}  // namespace bellhop
