#include "program.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "base/log.h"
#include "config/load.h"
#include "platform/certificate.h"
#include "program_options.h"
#include "state_files.h"

namespace bellhop {
namespace {

/// SIGTERM to exit; clients have closed long before in practice.
constexpr Duration kShutdownTime{1000};
/// For `bellhop token` at the moment of the start: what is not read then is missing for a while.
constexpr Duration kStartPatience{2000};
constexpr Duration kReminder = std::chrono::hours(1);

Instant read_clock(void* clock) {
  return static_cast<Clock*>(clock)->now();
}

}  // namespace

Program::Program(const CommandLine& command_line, const Options& options, Identity identity,
                 System& system)
    : command_line_(command_line),
      options_(options),
      identity_(std::move(identity)),
      system_(system),
      clock_(system.clock()),
      loop_(descriptors(options.limits), read_clock, &clock_),
      frames_(frame_options(options.limits)),
      assemblies_(kAssemblyBuffers, assembly_bytes(options.limits)),
      sessions_(session_options(options.limits), frames_),
      tokens_(options.limits.tokens),
      bearers_(authority_, sessions_, clock_),
      fanout_(sessions_, socketio_, engine_),
      gateway_(gateway_options(options, clock_.wall_now()), fanout_),
      switchboard_(switchboard_options(options, clock_.wall_now()), fanout_),
      page_adapter_(gateway_, switchboard_, bearers_, sessions_, clock_, options.limits.json_depth),
      terminal_adapter_(switchboard_, bearers_, sessions_, clock_, options.limits.json_depth),
      socketio_(socketio_options(options), sessions_, assemblies_, page_adapter_),
      api_(api_options(options), gateway_, switchboard_, tokens_, token_keeper_, authority_,
           identity_.push_keys, identity_.admin_keys, *this),
      server_(server_options(options, identity_), loop_, assemblies_, api_),
      engine_(engine_options(options), sessions_, server_, socketio_),
      terminals_(terminal_options(options), sessions_, server_, terminal_adapter_),
      room_mirror_(gateway_.rooms(), room_rows_, *this),
      user_mirror_(switchboard_, user_rows_, clock_),
      call_mirror_(switchboard_.calls(), call_rows_, clock_),
      number_mirror_(gateway_, switchboard_.calls(), number_rows_),
      recorder_(database_, {&number_mirror_, &room_mirror_, &user_mirror_, &call_mirror_},
                Duration{options.store.flush_interval_ms}),
      mounts_{{options_.paths.socketio, &engine_, &engine_},
              {options_.paths.terminals, &terminals_, nullptr}} {
  socketio_.attach(engine_);
  server_.serve(mounts_);
}

// --- Life ----------------------------------------------------------------------------------------

bool Program::start(std::string& error) {
  // lws sizes its table by this limit and finds a connection by its descriptor in it.
  const rlim_t wanted = descriptors(options_.limits);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = wanted;
  limit.rlim_max = std::max(limit.rlim_max, wanted);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    error = "limits.connections needs " + std::to_string(wanted) +
            " open files, more than this process may have (ulimit -n, LimitNOFILE)";
    return false;
  }
  if (!load_jwt_keys(error)) return false;
  // Messages go on without a database: readiness tells of it, and the recorder tries again.
  database_.set_busy_timeout(kStartPatience);
  database_.open(database_file(options_));
  recorder_.restore(clock_.now());
  token_keeper_.reload();
  database_.set_busy_timeout(kLoopPatience);
  if (!loop_.open(error) || !signals_.open(error) || !server_.open(error)) return false;
  if (!loop_.watch(signals_.fd(), *this)) {
    error = "cannot watch for signals";
    return false;
  }
  log_tables();
  for (const bool tls : {false, true}) {
    if (server_.port(tls) == 0) continue;
    log_event(LogLevel::info, "listening",
              {{"scheme", tls ? "https" : "http"}, {"port", server_.port(tls)}});
  }
  if (!command_line_.degraded.empty()) remind(clock_.now());
  // The last: a start may take longer than a watchdog waits.
  return system_.open(options_.watchdog.device, std::chrono::seconds(options_.watchdog.timeout_s),
                      error);
}

bool Program::load_jwt_keys(std::string& error) {
  TokenKeys keys;
  const auto& files = options_.tokens;
  if (!load_token_keys(files.hs256_key_file, files.es256_key_file, keys, error)) return false;
  jwt_verifier_.set_keys(std::move(keys));
  return true;
}

std::string Program::address() const {
  const bool plain = server_.port(false) != 0;
  const auto on = listener(plain ? options_.listen.plain : options_.listen.tls);
  return (plain ? "http://" : "https://") + on->host + ":" + std::to_string(server_.port(!plain));
}

void Program::run() {
  started_ = clock_.now();
  system_.service_manager().ready("serving " + address());
  server_.run(*this);
  recorder_.flush_all(clock_.now());
  Signals::ignore();
  log_event(LogLevel::info, "stopped", {});
}

void Program::readable() {
  for (Signal signal = signals_.next(); signal != Signal::none; signal = signals_.next()) {
    if (signal == Signal::stop) begin_shutdown();
    if (signal == Signal::reload) reload();
  }
}

void Program::begin_shutdown() {
  if (shutdown_due_ != kNever) return;
  log_event(LogLevel::info, "stopping", {{"sessions", sessions_.gauge().in_use}});
  system_.service_manager().stopping("saying goodbye");
  shutdown_due_ = loop_.now() + kShutdownTime;
  server_.stop_accepting();
  sessions_.flush_dirty();  // what pushes of this turn were told is queued
  for (std::uint32_t i = 0; i < sessions_.capacity(); ++i) {
    if (const SessionId session = sessions_.at(i)) sessions_.close(session, CloseReason::shutdown);
  }
}

void Program::reload() {
  system_.service_manager().reloading(loop_.now());
  std::string error;
  for (const auto& [keys, file] : {std::pair(&identity_.push_keys, &identity_.push_key),
                                   std::pair(&identity_.admin_keys, &identity_.admin_key)}) {
    if (keys->load(*file, error)) continue;
    log_event(LogLevel::error, "reload_keys_failed", {{"reason", error}});
  }
  if (!load_jwt_keys(error)) {
    log_event(LogLevel::error, "reload_token_keys_failed", {{"reason", error}});
  }
  if (!options_.listen.tls.empty()) {
    if (check_certificate(identity_.certificate, identity_.certificate_key, error)) {
      server_.reload_certificate();
    } else {
      log_event(LogLevel::error, "reload_certificate_failed", {{"reason", error}});
    }
  }
  Options fresh;
  if (load_options(command_line_, fresh, error)) {
    server_.admission().set_origins(fresh.http.origins);
    LogLevel level = LogLevel::info;
    if (parse_log_level(fresh.log.level, level)) log_set_level(level);
  } else {
    log_event(LogLevel::error, "reload_options_failed", {{"reason", error}});
  }
  log_event(LogLevel::info, "reloaded", {});
  system_.service_manager().ready("serving " + address());
}

// --- Turns ---------------------------------------------------------------------------------------

Instant Program::next_due() const {
  return std::min({engine_.next_due(), socketio_.next_due(), terminals_.next_due(),
                   switchboard_.next_due(), bearers_.next_due(), recorder_.next_due(),
                   token_keeper_.next_due(), system_.feed_due(), reminder_due_, shutdown_due_});
}

void Program::turn_began(Instant now) {
  engine_.expire(now);
  socketio_.expire(now);
  terminals_.expire(now);
  bearers_.expire(now);
  if (now >= switchboard_.next_due()) switchboard_.expire({now, clock_.wall_now()});
  sessions_.reap();
  if (now >= reminder_due_) remind(now);
  system_.feed(now);
}

void Program::turn_ended(Instant now) {
  sessions_.flush_dirty();
  recorder_.flush(now);
  if (token_keeper_.poll(now)) bearers_.check(now);
  if (shutdown_due_ == kNever) return;
  if (now >= shutdown_due_ || server_.open_websockets() == 0) server_.stop();
}

void Program::remind(Instant now) {
  log_event(LogLevel::error, "degraded", {{"reason", command_line_.degraded}});
  reminder_due_ = now + kReminder;
}

}  // namespace bellhop
