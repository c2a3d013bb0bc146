#pragma once
// What the configuration means for each object of the program: how large its tables are, and when
// it loses its patience.
#include <cstddef>
#include <optional>
#include <string>

#include "api/api.h"
#include "config/options.h"
#include "edge/server.h"
#include "gateway/gateway.h"
#include "gateway/switchboard.h"
#include "platform/identity.h"
#include "session/engineio_server.h"
#include "session/frame_pool.h"
#include "session/session_table.h"
#include "session/socketio_server.h"
#include "session/terminal_server.h"

namespace bellhop {

inline constexpr std::size_t kAssemblyBuffers = 16;

/// Files that may be open at once.
[[nodiscard]] std::size_t descriptors(const Options::Limits& limits);
[[nodiscard]] std::size_t assembly_bytes(const Options::Limits& limits);
/// Nothing when that listener is off.
[[nodiscard]] std::optional<ListenerOptions> listener(const std::string& text);

[[nodiscard]] FramePoolOptions frame_options(const Options::Limits& limits);
[[nodiscard]] SessionTableOptions session_options(const Options::Limits& limits);
[[nodiscard]] EngineIoOptions engine_options(const Options& options);
[[nodiscard]] SocketIoOptions socketio_options(const Options& options);
[[nodiscard]] TerminalOptions terminal_options(const Options& options);
[[nodiscard]] SwitchboardOptions switchboard_options(const Options& options, WallTime now);
[[nodiscard]] GatewayOptions gateway_options(const Options& options, WallTime now);
[[nodiscard]] ApiOptions api_options(const Options& options);
[[nodiscard]] ServerOptions server_options(const Options& options, const Identity& identity);

}  // namespace bellhop
