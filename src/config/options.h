#pragma once
// Everything that can be configured. The members hold the defaults; option_descriptions() says
// the rest (unit, bounds, a sentence) and drives the TOML reader, --print-defaults and the checks.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bellhop {

struct Options {
  struct Listen {
    std::string plain = "0.0.0.0:8080";  // empty: off; reads with parse_listen_address()
    std::string tls = "0.0.0.0:8443";
  } listen;

  struct Paths {
    std::string socketio = "/socket.io/";
    std::string push = "/push";
    std::string terminals = "/ws";
  } paths;

  struct State {
    std::string directory = "/var/lib/bellhop";
  } state;

  struct Engine {
    std::uint32_t ping_interval_ms = 25000;
    std::uint32_t ping_timeout_ms = 20000;
    std::uint32_t v3_ping_timeout_ms = 65000;
    std::uint32_t upgrade_timeout_ms = 10000;
    std::uint32_t connect_timeout_ms = 45000;
  } engine;

  struct Terminals {
    std::uint32_t ping_interval_ms = 25000;
    std::uint32_t ping_timeout_ms = 20000;
    std::uint32_t grace_ms = 5000;
    std::uint32_t list_interval_ms = 100;
    std::uint32_t list_bytes_per_second = 4'194'304;
    std::uint32_t ring_timeout_ms = 30000;
  } terminals;

  struct Limits {
    std::uint32_t sessions = 1024;
    std::uint32_t users = 1024;
    std::uint32_t calls = 1024;
    std::uint32_t rooms = 256;
    std::uint32_t memberships = 4096;
    std::uint32_t connections = 1536;
    std::uint32_t tls_connections = 256;
    std::uint32_t header_bytes = 8192;
    std::uint32_t body_bytes_unauthorised = 4096;
    std::uint32_t body_bytes = 65536;
    std::uint32_t message_bytes = 65536;
    std::uint32_t json_depth = 16;
    std::uint32_t connections_per_address = 64;
    std::uint32_t new_sessions_per_second = 20;
    std::uint32_t messages_per_10s = 100;
    std::uint32_t queue_messages = 32;
    std::uint32_t queue_bytes = 262144;
    std::uint32_t small_frames = 4096;
    std::uint32_t large_frames = 64;
    std::uint32_t batch_messages = 32;
    std::uint32_t tokens = 1024;
  } limits;

  struct Http {
    std::vector<std::string> origins;  // exact; empty: the box's own only; {"*"}: any
  } http;

  struct Push {
    std::string key_file;                        // empty: <state>/push.key
    std::vector<std::string> trusted_addresses;  // each reads with parse_ipv4_network()
  } push;

  struct Admin {
    std::string key_file;  // empty: <state>/admin.key
  } admin;

  struct Tokens {
    std::string hs256_key_file;  // empty: such JWTs are refused
    std::string es256_key_file;
  } tokens;

  struct Tls {
    std::string certificate_file;  // empty: <state>/tls.crt
    std::string key_file;          // empty: <state>/tls.key
  } tls;

  struct Store {
    std::uint32_t flush_interval_ms = 100;
  } store;

  struct Watchdog {
    std::string device;  // empty: none
    std::uint32_t timeout_s = 15;
  } watchdog;

  struct Log {
    std::string level = "info";
  } log;
};

/// What an option's value must look like; each type has one syntax check.
enum class OptionType : std::uint8_t {
  integer,         // min..max
  listen_address,  // ADDRESS:PORT or empty
  url_path,        // starts with '/'
  file_path,       // anything without a control character
  directory_path,  // as file_path, not empty
  log_level,       // debug info warn error
  origins,         // list for check_origin(), or just "*"
  networks,        // list for parse_ipv4_network()
};

/// One row of the documentation. Exactly one of the three accessors is set, as the type asks.
struct OptionDescription {
  std::string_view section;
  std::string_view key;
  OptionType type;
  std::string_view unit;  // empty: none
  std::uint32_t min;      // integers only
  std::uint32_t max;
  std::string_view sentence;
  std::uint32_t& (*integer)(Options&) = nullptr;
  std::string& (*text)(Options&) = nullptr;
  std::vector<std::string>& (*list)(Options&) = nullptr;
};

/// All options, those of a section next to each other, in the order of --print-defaults.
[[nodiscard]] std::span<const OptionDescription> option_descriptions();

/// A complete commented TOML file that reads back to the defaults.
[[nodiscard]] std::string print_defaults();

}  // namespace bellhop
