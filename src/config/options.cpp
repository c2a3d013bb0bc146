#include "config/options.h"

namespace bellhop {
namespace {

constexpr std::uint32_t kMinute = 60'000;
constexpr std::uint32_t kMiB = 1'048'576;

// A member pointer cannot reach through two structs, a captureless lambda can.
#define BELLHOP_INTEGER(group, member) \
  [](Options& o) -> std::uint32_t& { return o.group.member; }, nullptr, nullptr
#define BELLHOP_TEXT(group, member) \
  nullptr, [](Options& o) -> std::string& { return o.group.member; }, nullptr
#define BELLHOP_LIST(group, member) \
  nullptr, nullptr, [](Options& o) -> std::vector<std::string>& { return o.group.member; }

constexpr OptionDescription kDescriptions[] = {
    OptionDescription{
        "listen", "plain", OptionType::listen_address, "", 0, 0,
        "Address and port for http and ws; port 0 takes any free one; \"\" turns this listener "
        "off.",
        BELLHOP_TEXT(listen, plain)},
    {"listen", "tls", OptionType::listen_address, "", 0, 0,
     "Address and port for https and wss; \"\" turns this listener off. At least one must be "
     "on.",
     BELLHOP_TEXT(listen, tls)},
    {"paths", "socketio", OptionType::url_path, "", 0, 0,
     "Where Socket.IO and Engine.IO clients connect; it ends in '/'.",
     BELLHOP_TEXT(paths, socketio)},
    {"paths", "push", OptionType::url_path, "", 0, 0, "Where back ends post their pushes.",
     BELLHOP_TEXT(paths, push)},
    {"paths", "terminals", OptionType::url_path, "", 0, 0,
     "Where call terminals open their WebSocket.", BELLHOP_TEXT(paths, terminals)},
    {"state", "directory", OptionType::directory_path, "", 0, 0,
     "Folder for the database, the keys and the certificate; only Bellhop may read it.",
     BELLHOP_TEXT(state, directory)},
    {"engine", "ping_interval_ms", OptionType::integer, "ms", 100, 10 * kMinute,
     "Time between two pings to a client; clients of revision 3 ping by themselves at this "
     "pace.",
     BELLHOP_INTEGER(engine, ping_interval_ms)},
    {"engine", "ping_timeout_ms", OptionType::integer, "ms", 100, 10 * kMinute,
     "How long a revision 4 client may take to answer a ping before its session ends.",
     BELLHOP_INTEGER(engine, ping_timeout_ms)},
    {"engine", "v3_ping_timeout_ms", OptionType::integer, "ms", 100, 10 * kMinute,
     "Grace for clients of revision 3 on top of the interval: browsers slow their timers "
     "down to one a minute in hidden pages, so interval and grace together should be at "
     "least 90 s.",
     BELLHOP_INTEGER(engine, v3_ping_timeout_ms)},
    {"engine", "upgrade_timeout_ms", OptionType::integer, "ms", 100, 10 * kMinute,
     "How long a change from polling to WebSocket may take.",
     BELLHOP_INTEGER(engine, upgrade_timeout_ms)},
    {"engine", "connect_timeout_ms", OptionType::integer, "ms", 100, 10 * kMinute,
     "How long a new session may stay without entering a namespace.",
     BELLHOP_INTEGER(engine, connect_timeout_ms)},
    {"terminals", "ping_interval_ms", OptionType::integer, "ms", 100, 10 * kMinute,
     "How long a call terminal may be silent before it is pinged.",
     BELLHOP_INTEGER(terminals, ping_interval_ms)},
    {"terminals", "ping_timeout_ms", OptionType::integer, "ms", 100, 10 * kMinute,
     "How long it may take to answer that before its connection ends.",
     BELLHOP_INTEGER(terminals, ping_timeout_ms)},
    {"terminals", "grace_ms", OptionType::integer, "ms", 0, 10 * kMinute,
     "How long a user stays on the online list after the last connection broke off; a page that "
     "is loaded again, or a terminal that reconnects after 4 s, does not vanish.",
     BELLHOP_INTEGER(terminals, grace_ms)},
    {"terminals", "list_interval_ms", OptionType::integer, "ms", 1, kMinute,
     "Least time between two online lists to everybody.",
     BELLHOP_INTEGER(terminals, list_interval_ms)},
    {"terminals", "list_bytes_per_second", OptionType::integer, "bytes per second", 4096,
     1024 * kMiB,
     "Bytes of online lists to all connections together; a longer list goes out less often.",
     BELLHOP_INTEGER(terminals, list_bytes_per_second)},
    {"terminals", "ring_timeout_ms", OptionType::integer, "ms", 100, 60 * kMinute,
     "How long a call rings before it counts as missed.",
     BELLHOP_INTEGER(terminals, ring_timeout_ms)},
    {"limits", "sessions", OptionType::integer, "", 1, 65'535,
     "Pages and terminals connected at the same time.", BELLHOP_INTEGER(limits, sessions)},
    {"limits", "users", OptionType::integer, "", 1, 65'535,
     "Users known at the same time; one who has been away longest makes room for a new one.",
     BELLHOP_INTEGER(limits, users)},
    {"limits", "calls", OptionType::integer, "", 1, 65'535,
     "Calls under way and calls in the history together; the oldest go first.",
     BELLHOP_INTEGER(limits, calls)},
    {"limits", "rooms", OptionType::integer, "", 1, 65'535, "Rooms that exist at the same time.",
     BELLHOP_INTEGER(limits, rooms)},
    {"limits", "memberships", OptionType::integer, "", 1, 1'048'576,
     "Places in all rooms together; a session may be in several rooms.",
     BELLHOP_INTEGER(limits, memberships)},
    {"limits", "connections", OptionType::integer, "", 1, 131'072,
     "Sockets at the same time, all listeners together; a polling page uses two.",
     BELLHOP_INTEGER(limits, connections)},
    {"limits", "tls_connections", OptionType::integer, "", 0, 65'535,
     "Sockets of the TLS listener at the same time; each costs about 25 KB of memory.",
     BELLHOP_INTEGER(limits, tls_connections)},
    {"limits", "header_bytes", OptionType::integer, "bytes", 1024, 65'536,
     "Request line and headers of one HTTP request.", BELLHOP_INTEGER(limits, header_bytes)},
    {"limits", "body_bytes_unauthorised", OptionType::integer, "bytes", 256, kMiB,
     "Body of a request that has not shown a valid key.",
     BELLHOP_INTEGER(limits, body_bytes_unauthorised)},
    {"limits", "body_bytes", OptionType::integer, "bytes", 256, 4 * kMiB,
     "Body of a request that has shown a valid key.", BELLHOP_INTEGER(limits, body_bytes)},
    {"limits", "message_bytes", OptionType::integer, "bytes", 1024, kMiB,
     "One message of a client, and the data of one push; told to clients as maxPayload.",
     BELLHOP_INTEGER(limits, message_bytes)},
    {"limits", "json_depth", OptionType::integer, "levels", 4, 128,
     "How deep objects and arrays may be nested.", BELLHOP_INTEGER(limits, json_depth)},
    {"limits", "connections_per_address", OptionType::integer, "", 1, 131'072,
     "Sockets from one address at the same time.",
     BELLHOP_INTEGER(limits, connections_per_address)},
    {"limits", "new_sessions_per_second", OptionType::integer, "per second", 1, 1'000'000,
     "New sessions from one address; a burst may be as large as connections_per_address.",
     BELLHOP_INTEGER(limits, new_sessions_per_second)},
    {"limits", "messages_per_10s", OptionType::integer, "per 10 s", 1, 100'000'000,
     "Messages of one page or terminal; more close it.", BELLHOP_INTEGER(limits, messages_per_10s)},
    {"limits", "queue_messages", OptionType::integer, "messages", 4, 32,
     "Messages that may wait for one slow reader; more close its session.",
     BELLHOP_INTEGER(limits, queue_messages)},
    {"limits", "queue_bytes", OptionType::integer, "bytes", 4096, 64 * kMiB,
     "Bytes that may wait for one slow reader; more close its session.",
     BELLHOP_INTEGER(limits, queue_bytes)},
    {"limits", "small_frames", OptionType::integer, "", 64, 60'000,
     "Buffers for short outgoing messages, shared by all sessions.",
     BELLHOP_INTEGER(limits, small_frames)},
    {"limits", "large_frames", OptionType::integer, "", 4, 5000,
     "Buffers for long outgoing messages, each of message_bytes and a little more.",
     BELLHOP_INTEGER(limits, large_frames)},
    {"limits", "batch_messages", OptionType::integer, "messages", 1, 1024,
     "Pushes in one batch of the API; a polling page takes no more than its queue holds at once.",
     BELLHOP_INTEGER(limits, batch_messages)},
    {"limits", "tokens", OptionType::integer, "", 1, 65'535,
     "Registered tokens, revoked ones not counted; expired ones make room for new ones.",
     BELLHOP_INTEGER(limits, tokens)},
    {"http", "origins", OptionType::origins, "", 0, 0,
     "Origins of foreign pages that may connect, for example \"https://intranet.example\"; "
     "none: only pages of this box; \"*\" alone: any page, for tests only.",
     BELLHOP_LIST(http, origins)},
    {"push", "key_file", OptionType::file_path, "", 0, 0,
     "File with the keys of the back ends, one a line; \"\": push.key in the state folder, "
     "made at the first start.",
     BELLHOP_TEXT(push, key_file)},
    {"push", "trusted_addresses", OptionType::networks, "", 0, 0,
     "IPv4 addresses or blocks that may push without a key, for example \"192.168.1.10\" or "
     "\"10.0.0.0/24\".",
     BELLHOP_LIST(push, trusted_addresses)},
    {"admin", "key_file", OptionType::file_path, "", 0, 0,
     "File with the keys of the administrator, for the console and all of the API, one a line; "
     "\"\": admin.key in the state folder, made at the first start.",
     BELLHOP_TEXT(admin, key_file)},
    {"tokens", "hs256_key_file", OptionType::file_path, "", 0, 0,
     "File with the secrets of JWTs signed with HS256, one of at least 32 characters a line, "
     "readable by its owner only; \"\": such JWTs are refused.",
     BELLHOP_TEXT(tokens, hs256_key_file)},
    {"tokens", "es256_key_file", OptionType::file_path, "", 0, 0,
     "File with the public keys of JWTs signed with ES256, PEM; \"\": such JWTs are refused.",
     BELLHOP_TEXT(tokens, es256_key_file)},
    {"tls", "certificate_file", OptionType::file_path, "", 0, 0,
     "Certificate chain, PEM; \"\": tls.crt in the state folder, made at the first start.",
     BELLHOP_TEXT(tls, certificate_file)},
    {"tls", "key_file", OptionType::file_path, "", 0, 0,
     "Private key of the certificate, PEM, readable by its owner only; \"\": tls.key in the "
     "state folder.",
     BELLHOP_TEXT(tls, key_file)},
    {"store", "flush_interval_ms", OptionType::integer, "ms", 10, kMinute,
     "How long a change of the rooms may wait before it is written to the database.",
     BELLHOP_INTEGER(store, flush_interval_ms)},
    {"watchdog", "device", OptionType::file_path, "", 0, 0,
     "Hardware watchdog, such as /dev/watchdog, that resets the machine when Bellhop hangs or is "
     "not "
     "started again in time; it is fed while the loop turns, and never disarmed. One that cannot "
     "be "
     "used is an error in the log and keeps /health/ready from answering 200. \"\": none, as under "
     "systemd, which has RuntimeWatchdogSec=.",
     BELLHOP_TEXT(watchdog, device)},
    {"watchdog", "timeout_s", OptionType::integer, "s", 2, 3600,
     "After how long without being fed it resets the machine; the driver may grant another time.",
     BELLHOP_INTEGER(watchdog, timeout_s)},
    {"log", "level", OptionType::log_level, "", 0, 0,
     "The least important lines to write: debug, info, warn or error.", BELLHOP_TEXT(log, level)},
};

#undef BELLHOP_INTEGER
#undef BELLHOP_TEXT
#undef BELLHOP_LIST

constexpr std::size_t kCommentWidth = 98;

void append_comment(std::string& out, std::string_view text) {
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    if (column == 0 || column + word.size() + 1 > kCommentWidth) {
      out += column == 0 ? "#" : "\n#";
      column = 1;
    }
    out.append(" ").append(word);
    column += word.size() + 1;
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  out += '\n';
}

std::string comment_of(const OptionDescription& option) {
  std::string text(option.sentence);
  if (option.integer == nullptr) return text;
  text += " Range " + std::to_string(option.min) + " to " + std::to_string(option.max);
  if (!option.unit.empty()) text.append(" ").append(option.unit);
  return text + ".";
}

/// Defaults hold neither quotes nor backslashes, so they need no escapes.
std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string value_of(const OptionDescription& option, Options& options) {
  if (option.integer != nullptr) return std::to_string(option.integer(options));
  if (option.text != nullptr) return quoted(option.text(options));
  std::string items;
  for (const std::string& item : option.list(options)) {
    items += (items.empty() ? "" : ", ") + quoted(item);
  }
  return "[" + items + "]";
}

}  // namespace

std::span<const OptionDescription> option_descriptions() {
  return kDescriptions;
}

std::string print_defaults() {
  Options defaults;
  std::string out;
  append_comment(out, "Bellhop's options with their defaults. A line left out means its default.");
  std::string_view section;
  for (const OptionDescription& option : kDescriptions) {
    if (option.section != section) {
      section = option.section;
      out.append("\n[").append(section).append("]\n");
    }
    append_comment(out, comment_of(option));
    out.append(option.key).append(" = ").append(value_of(option, defaults)).append("\n");
  }
  return out;
}

}  // namespace bellhop
