// bellhop-announce --name NAME [--http PORT] [--https PORT]
// Announces NAME.local and the gateway's services until SIGTERM. Needs no privilege.
#include <avahi-core/log.h>
#include <getopt.h>
#include <sysexits.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

#include "announcement.h"
#include "base/log.h"
#include "base/rate_window.h"
#include "platform/clock.h"
#include "platform/entropy.h"
#include "platform/signals.h"

namespace bellhop {
namespace {

bool parse_port(const char* text, std::uint16_t& port) {
  const char* end = text + std::strlen(text);
  const auto [stop, failure] = std::from_chars(text, end, port);
  return failure == std::errc{} && stop == end && port != 0;
}

/// One label of a host's name (RFC 1123): avahi would take more, browsers would not.
bool parse_name(const char* text, std::string& name) {
  constexpr std::size_t kLongest = 63;
  constexpr std::string_view kAllowed =
      "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  name = text;
  return !name.empty() && name.size() <= kLongest && !name.starts_with('-') &&
         !name.ends_with('-') && name.find_first_not_of(kAllowed) == std::string::npos;
}

bool take_flag(int flag, const char* value, Announced& what) {
  switch (flag) {
    case 'n':
      return parse_name(value, what.name);
    case 'p':
      return parse_port(value, what.http);
    case 's':
      return parse_port(value, what.https);
    default:
      return false;
  }
}

bool parse_flags(int argc, char* const* argv, Announced& what, std::string& error) {
  constexpr option kTable[] = {{"name", required_argument, nullptr, 'n'},
                               {"http", required_argument, nullptr, 'p'},
                               {"https", required_argument, nullptr, 's'},
                               {}};
  opterr = 0;
  for (int flag = 0; (flag = getopt_long(argc, argv, ":", kTable, nullptr)) != -1;) {
    if (take_flag(flag, optarg, what)) continue;
    error = std::string("not understood: ") + argv[optind - 1];
    return false;
  }
  if (optind < argc) error = std::string("not understood: ") + argv[optind];
  if (what.name.empty()) error = "--name is missing";
  if (what.http == 0 && what.https == 0) error = "neither --http nor --https is given";
  return error.empty();
}

/// Some of avahi's lines answer packets, which anybody may send as often as he likes.
void log_avahi(AvahiLogLevel level, const char* text) {
  constexpr std::uint32_t kLinesPerWindow = 50;
  static RateWindow window;
  if (level == AVAHI_LOG_DEBUG || !window.take(SystemClock().now(), kLinesPerWindow)) return;
  const LogLevel ours = level == AVAHI_LOG_ERROR  ? LogLevel::error
                        : level == AVAHI_LOG_WARN ? LogLevel::warn
                                                  : LogLevel::info;
  log_event(ours, "mdns", {{"text", text}});
}

/// avahi draws the random waits that keep boxes from talking all at once from rand().
bool seed_waits() {
  unsigned seed = 0;
  if (!fill_random(std::span(reinterpret_cast<char*>(&seed), sizeof seed))) return false;
  std::srand(seed);
  return true;
}

struct Stop {
  AvahiSimplePoll* loop;
  Signals signals;

  static void look(AvahiWatch*, int, AvahiWatchEvent, void* self) {
    auto* me = static_cast<Stop*>(self);
    if (me->signals.next() == Signal::stop) avahi_simple_poll_quit(me->loop);
  }
};

int announce(AvahiSimplePoll* loop, const Announced& what) {
  Stop stop{loop, {}};
  std::string error;
  if (!stop.signals.open(error) || !seed_waits()) {
    log_event(LogLevel::error, "announce_failed", {{"reason", error}});
    return EX_OSERR;
  }
  const AvahiPoll* api = avahi_simple_poll_get(loop);
  api->watch_new(api, stop.signals.fd(), AVAHI_WATCH_IN, Stop::look, &stop);
  Announcement announcement(loop, what);
  if (!announcement.start()) return EX_UNAVAILABLE;
  const bool stopped = avahi_simple_poll_loop(loop) >= 0;
  Signals::ignore();
  return stopped && !announcement.failed() ? EX_OK : EX_UNAVAILABLE;
}

int run(int argc, char* const* argv) {
  Announced what;
  std::string error;
  if (!parse_flags(argc, argv, what, error)) {
    std::fprintf(stderr, "%s\nusage: bellhop-announce --name NAME [--http PORT] [--https PORT]\n",
                 error.c_str());
    return EX_CONFIG;
  }
  avahi_set_log_function(log_avahi);
  AvahiSimplePoll* loop = avahi_simple_poll_new();
  if (loop == nullptr) return EX_OSERR;
  const int code = announce(loop, what);
  avahi_simple_poll_free(loop);
  return code;
}

}  // namespace
}  // namespace bellhop

int main(int argc, char** argv) {
  return bellhop::run(argc, argv);
}
