#include "announcement.h"

#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>

#include "base/log.h"

namespace bellhop {
namespace {

/// avahi's strings are its own to free.
std::string take_text(char* text) {
  std::string copy = text == nullptr ? "" : text;
  avahi_free(text);
  return copy;
}

/// A responder, and no more: it looks nothing up, so it need not remember what others announce.
AvahiServerConfig responder_config(const std::string& name) {
  AvahiServerConfig config;
  avahi_server_config_init(&config);
  config.host_name = avahi_strdup(name.c_str());
  config.use_ipv6 = 0;
  config.publish_aaaa_on_ipv4 = 0;
  config.publish_domain = 0;
  config.n_cache_entries_max = 0;
  config.deny_interfaces = avahi_string_list_new("lo", nullptr);
  // A plugged-in cable may lead to another network: announce again.
  config.use_iff_running = 1;
  return config;
}

}  // namespace

Announcement::~Announcement() {
  if (server_ != nullptr) avahi_server_free(server_);
}

bool Announcement::start() {
  AvahiServerConfig config = responder_config(what_.name);
  int error = AVAHI_OK;
  server_ = avahi_server_new(avahi_simple_poll_get(loop_), &config, on_server, this, &error);
  avahi_server_config_free(&config);
  if (server_ == nullptr) {
    log_event(LogLevel::error, "announce_failed", {{"reason", avahi_strerror(error)}});
  }
  return server_ != nullptr && !failed_;
}

void Announcement::on_server(AvahiServer* server, AvahiServerState state, void* self) {
  auto* me = static_cast<Announcement*>(self);
  me->server_ = server;  // the first call comes before avahi_server_new() has returned
  switch (state) {
    case AVAHI_SERVER_RUNNING:
      return me->publish_services();
    case AVAHI_SERVER_COLLISION:
      return me->take_another_host_name();
    case AVAHI_SERVER_REGISTERING:
      return me->withdraw_services();
    case AVAHI_SERVER_FAILURE:
      return me->fail("responder");
    case AVAHI_SERVER_INVALID:
      return;
  }
}

void Announcement::on_group(AvahiServer* server, AvahiSEntryGroup*, AvahiEntryGroupState state,
                            void* self) {
  auto* me = static_cast<Announcement*>(self);
  switch (state) {
    case AVAHI_ENTRY_GROUP_ESTABLISHED:
      log_event(LogLevel::info, "announced",
                {{"host", avahi_server_get_host_name_fqdn(server)},
                 {"service", me->service_name_},
                 {"http", me->what_.http},
                 {"https", me->what_.https}});
      return;
    case AVAHI_ENTRY_GROUP_COLLISION:
      return me->take_another_service_name();
    case AVAHI_ENTRY_GROUP_FAILURE:
      return me->fail("services");
    case AVAHI_ENTRY_GROUP_UNCOMMITED:
    case AVAHI_ENTRY_GROUP_REGISTERING:
      return;
  }
}

void Announcement::take_another_host_name() {
  withdraw_services();
  const char* taken = avahi_server_get_host_name(server_);
  const std::string other = take_text(avahi_alternative_host_name(taken));
  log_event(LogLevel::warn, "name_taken", {{"name", taken}, {"instead", other}});
  if (avahi_server_set_host_name(server_, other.c_str()) < 0) fail("name");
}

void Announcement::take_another_service_name() {
  const std::string other = take_text(avahi_alternative_service_name(service_name_.c_str()));
  log_event(LogLevel::warn, "service_name_taken", {{"name", service_name_}, {"instead", other}});
  withdraw_services();
  service_name_ = other;
  publish_services();
}

void Announcement::withdraw_services() {
  service_name_.clear();
  if (services_ != nullptr) avahi_s_entry_group_reset(services_);
}

/// Services bear the name of the host, unless somebody else's do.
void Announcement::publish_services() {
  if (service_name_.empty()) service_name_ = avahi_server_get_host_name(server_);
  if (services_ == nullptr) services_ = avahi_s_entry_group_new(server_, on_group, this);
  const bool added = services_ != nullptr && add_service("_http._tcp", what_.http) &&
                     add_service("_https._tcp", what_.https) &&
                     avahi_s_entry_group_commit(services_) == AVAHI_OK;
  if (!added) fail("services");
}

bool Announcement::add_service(const char* type, std::uint16_t port) {
  if (port == 0) return true;
  return avahi_server_add_service(server_, services_, AVAHI_IF_UNSPEC, AVAHI_PROTO_INET,
                                  AvahiPublishFlags{}, service_name_.c_str(), type, nullptr,
                                  nullptr, port, "path=/", nullptr) == AVAHI_OK;
}

void Announcement::fail(const char* what) {
  log_event(LogLevel::error, "announce_failed",
            {{"what", what}, {"reason", avahi_strerror(avahi_server_errno(server_))}});
  failed_ = true;
  avahi_simple_poll_quit(loop_);
}

}  // namespace bellhop
