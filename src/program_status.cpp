// What the program tells of itself: metrics, readiness, the table of capacities at start.
#include "base/log.h"
#include "edge/lws_heap.h"
#include "platform/heap.h"
#include "program.h"

namespace bellhop {

std::string Program::unready_reason() const {
  std::string reasons;
  const auto add = [&reasons](std::string_view reason) {
    reasons.append(reasons.empty() ? "" : "; ").append(reason);
  };
  if (shutdown_due_ != kNever) add("stopping");
  if (!command_line_.degraded.empty()) add(command_line_.degraded);
  if (!recorder_.healthy()) add("the database cannot be written");
  if (!system_.watchdog().fault().empty()) add("the hardware watchdog cannot be used");
  return reasons;
}

void Program::collect(Metrics& metrics) const {
  collect_tables(metrics);
  collect_sessions(metrics);
  collect_calls(metrics);
  collect_edge(metrics);
  collect_tokens(metrics);
  collect_store(metrics);
  collect_machine(metrics);
}

void Program::collect_store(Metrics& metrics) const {
  const RecorderCounters& store = recorder_.counters();
  metrics.counter("bellhop_store_commits_total", "Transactions on the disk", store.commits);
  metrics.counter("bellhop_store_rows_total", "Rows written", store.rows);
  metrics.counter("bellhop_store_failures_total", "Transactions that failed", store.failures);
  metrics.gauge("bellhop_store_files_put_aside",
                "Unreadable database files that are kept in the state folder",
                static_cast<double>(database_.files_put_aside()));
}

void Program::collect_machine(Metrics& metrics) const {
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(loop_.now() - started_);
  metrics.gauge("bellhop_uptime_seconds", "Since the start, by a clock that is never set",
                static_cast<double>(uptime.count()));
  metrics.gauge("bellhop_ready", "1 when /health/ready answers 200",
                unready_reason().empty() ? 1 : 0);
  metrics.gauge("bellhop_degraded", "1 when the machine is not whole (--degraded)",
                command_line_.degraded.empty() ? 0 : 1);
  const Watchdog& watchdog = system_.watchdog();
  metrics.gauge("bellhop_watchdog_timeout_seconds",
                "When the hardware watchdog resets a machine whose loop hangs; 0: there is none",
                static_cast<double>(watchdog.timeout().count()));
  metrics.gauge("bellhop_watchdog_fault", "1 when the hardware watchdog asked for cannot be used",
                watchdog.fault().empty() ? 0 : 1);
}

void Program::collect_tables(Metrics& metrics) const {
  metrics.table("sessions", sessions_.gauge());
  metrics.table("rooms", gateway_.rooms().room_gauge());
  metrics.table("memberships", gateway_.rooms().membership_gauge());
  metrics.table("users", switchboard_.users().gauge());
  metrics.table("calls", switchboard_.calls().gauge());
  metrics.table("connections", server_.connections().gauge());
  metrics.table("tls_connections", server_.connections().tls_gauge());
  metrics.table("small_frames", frames_.small_gauge());
  metrics.table("large_frames", frames_.large_gauge());
  metrics.table("assembly_buffers", assemblies_.gauge());
  metrics.table("tokens", tokens_.gauge());
}

void Program::collect_sessions(Metrics& metrics) const {
  const GatewayCounters& counters = gateway_.counters();
  metrics.gauge("bellhop_connected", "Pages connected",
                static_cast<double>(gateway_.connected_count()));
  metrics.counter("bellhop_pushes_total", "Pushes taken", counters.pushes);
  metrics.counter("bellhop_deliveries_total", "Messages of pushes queued to sessions",
                  counters.deliveries);
  metrics.counter("bellhop_rooms_entered_total", "Entries into rooms (2002)", counters.entered);
  metrics.counter("bellhop_rooms_refused_total", "Refused entries (2003, 2004)",
                  counters.refused_entries);
  metrics.counter("bellhop_rooms_evicted_total", "Members put out of rooms (2005)",
                  counters.evicted);
  metrics.counter("bellhop_messages_received_total", "Messages from pages",
                  socketio_.messages_received());
  metrics.counter("bellhop_frames_queued_total", "Frames queued to sessions",
                  sessions_.queued_count());
  for (std::size_t i = 0; i < kCloseReasons; ++i) {
    const auto reason = static_cast<CloseReason>(i);
    metrics.counter("bellhop_sessions_closed_total", "Sessions ended, by reason",
                    sessions_.closed_count(reason), "reason", close_reason_name(reason));
  }
}

void Program::collect_calls(Metrics& metrics) const {
  const SwitchboardCounters& counters = switchboard_.counters();
  const PresenceCounters& presence = switchboard_.presence().counters();
  metrics.gauge("bellhop_users_online", "Users on the online list",
                static_cast<double>(switchboard_.users().listed().size()));
  metrics.gauge("bellhop_terminals", "Connections that speak for a user",
                static_cast<double>(switchboard_.users().everyone().size()));
  const auto receipts = [&](std::string_view status, std::uint64_t count) {
    metrics.counter("bellhop_receipts_total", "Receipts for frames of users, by status", count,
                    "status", status);
  };
  receipts("delivered", counters.delivered);
  receipts("offline", counters.offline);
  receipts("refused", counters.refused);
  metrics.counter("bellhop_terminal_messages_received_total", "Messages from call terminals",
                  terminals_.messages_received());
  metrics.counter("bellhop_frame_errors_total", "Messages of users that were no frames",
                  counters.errors);
  metrics.counter("bellhop_online_lists_total", "Online lists sent to all", presence.lists);
  metrics.counter("bellhop_online_list_bytes_total", "Bytes of online lists queued",
                  presence.list_bytes);
  for (std::size_t i = 1; i < kCallEnds; ++i) {
    const auto end = static_cast<CallEnd>(i);
    metrics.counter("bellhop_calls_ended_total", "Calls that are over, by how they ended",
                    switchboard_.calls().ended_count(end), "end", call_end_name(end));
  }
}

void Program::collect_edge(Metrics& metrics) const {
  const EdgeCounters& edge = server_.counters();
  metrics.counter("bellhop_http_requests_total", "HTTP requests", edge.http_requests);
  metrics.counter("bellhop_websockets_opened_total", "WebSockets accepted", edge.websockets_opened);
  metrics.counter("bellhop_websocket_writes_total", "Writes of frames, one system call each",
                  edge.writes);
  metrics.counter("bellhop_websocket_frames_written_total",
                  "Frames written; more than writes when frames leave together",
                  edge.frames_written);
  metrics.counter("bellhop_websocket_bytes_written_total", "Bytes of frames written",
                  edge.bytes_written);
  metrics.counter("bellhop_websocket_short_writes_total",
                  "Writes whose rest waits in the heap for the socket", edge.short_writes);
  metrics.gauge("bellhop_lws_heap_bytes", "Heap that libwebsockets holds",
                static_cast<double>(lws_heap_counters().in_use_bytes));
  metrics.gauge("bellhop_heap_bytes", "Heap in use, that of all libraries included",
                static_cast<double>(heap_in_use()));
  const Admission& admission = server_.admission();
  const auto refused = [&](std::string_view what, std::uint64_t count) {
    metrics.counter("bellhop_admission_refused_total", "Refused before anything else, by bound",
                    count, "bound", what);
  };
  refused("connections_per_address", admission.refused_connections());
  refused("new_sessions_per_second", admission.refused_sessions());
  refused("origin", admission.refused_origins());
}

void Program::collect_tokens(Metrics& metrics) const {
  for (std::size_t i = 0; i < kTokenVerdicts; ++i) {
    const auto verdict = static_cast<TokenVerdict>(i);
    metrics.counter("bellhop_tokens_checked_total", "Tokens presented, by verdict",
                    authority_.count(verdict), "verdict", token_verdict_name(verdict));
  }
}

void Program::log_tables() const {
  const auto table = [](std::string_view name, const TableGauge& gauge) {
    log_event(LogLevel::info, "table", {{"name", name}, {"capacity", gauge.capacity}});
  };
  table("sessions", sessions_.gauge());
  table("rooms", gateway_.rooms().room_gauge());
  table("memberships", gateway_.rooms().membership_gauge());
  table("users", switchboard_.users().gauge());
  table("calls", switchboard_.calls().gauge());
  table("connections", server_.connections().gauge());
  table("tls_connections", server_.connections().tls_gauge());
  table("small_frames", frames_.small_gauge());
  table("large_frames", frames_.large_gauge());
  table("assembly_buffers", assemblies_.gauge());
  table("tokens", tokens_.gauge());
}

}  // namespace bellhop
