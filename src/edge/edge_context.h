#pragma once
#include <cstdint>
#include <span>

#include "edge/admission.h"
#include "edge/connection_table.h"
#include "edge/event_loop.h"
#include "protocol/http.h"
#include "session/assembly_pool.h"

namespace bellhop {

struct EdgeCounters {
  std::uint64_t http_requests = 0;
  std::uint64_t websockets_opened = 0;
  std::uint64_t writes = 0;          ///< of WebSocket frames, one system call each
  std::uint64_t frames_written = 0;  ///< more than writes when frames leave together
  std::uint64_t bytes_written = 0;
  std::uint64_t short_writes = 0;  ///< lws keeps the rest on its heap until the socket takes it
};

/// What the halves of the edge share.
struct EdgeContext {
  ConnectionTable& connections;
  Admission& admission;
  AssemblyPool& assemblies;
  HttpHandler& handler;
  std::span<const Mount> mounts;
  const EventLoop& loop;  ///< tells the time of the current turn
  std::size_t max_message_bytes = 0;
  EdgeCounters counters{};
};

/// The mount whose path `path` is, with or without its last slash; nullptr for none.
[[nodiscard]] inline const Mount* find_mount(const EdgeContext& edge, std::string_view path) {
  const auto bare = [](std::string_view text) {
    return text.size() > 1 && text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
  };
  for (const Mount& mount : edge.mounts) {
    if (bare(path) == bare(mount.path)) return &mount;
  }
  return nullptr;
}

}  // namespace bellhop
