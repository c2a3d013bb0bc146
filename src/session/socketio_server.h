#pragma once
// Socket.IO on top of Engine.IO sessions: namespaces, events, acknowledgements, binary attachments;
// protocol revisions 5 (clients 3.x, 4.x) and 4 (1.x, 2.x). It knows no rule of any application.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/deadline_queue.h"
#include "base/fixed_array.h"
#include "base/handle.h"
#include "base/instant.h"
#include "base/rate_window.h"
#include "protocol/socketio.h"
#include "session/assembly_pool.h"
#include "session/engineio_server.h"
#include "session/session_table.h"

namespace bellhop {

/// One namespace of one session. `nsp` indexes SocketIoOptions::namespaces.
struct Socket {
  SessionId session;
  std::uint8_t nsp = 0;
};

/// An event from a client. Everything is valid during the call only.
struct SocketIoEvent {
  std::string_view name_literal;                  ///< the JSON literal, a string or a number
  std::string_view arguments;                     ///< raw JSON after the name, without brackets
  std::span<const std::string_view> attachments;  ///< binary, for the _placeholder objects
  std::optional<std::uint64_t> ack_id;            ///< set when the page waits for an answer
};

/// The application: who may enter, what an event means.
class SocketIoHandler {
 public:
  /// A client has come, with this `token` in its query or none; nothing may be sent yet.
  virtual void on_handshake(SessionId, std::string_view /*token*/, Instant) {}
  /// nullopt lets the socket in; else the JSON object for CONNECT_ERROR. `auth` is the raw CONNECT
  /// payload, an object, or empty.
  [[nodiscard]] virtual std::optional<std::string_view> on_connecting(Socket socket,
                                                                      std::string_view auth,
                                                                      Instant now) = 0;
  /// The CONNECT answer is queued: events may follow.
  virtual void on_connected(Socket socket, std::string_view auth, Instant now) = 0;
  virtual void on_event(Socket socket, const SocketIoEvent& event, Instant now) = 0;
  /// `goodbye`: the client said so, and did not just vanish.
  virtual void on_disconnected(Socket socket, bool goodbye) = 0;

 protected:
  ~SocketIoHandler() = default;
};

struct SocketIoOptions {
  static constexpr std::size_t kMaxNamespaces = 8;
  std::span<const std::string_view> namespaces;  ///< those that exist; the first is "/"
  Duration connect_timeout{45000};               ///< to enter a first namespace
  std::size_t max_message_bytes = 65536;         ///< also for an event with all its attachments
  unsigned max_json_depth = 16;
  std::uint32_t messages_per_10s = 100;  ///< a session's flood limit
  void (*random)(std::span<char> out) = nullptr;
};

class SocketIoServer final : public EngineIoHandler {
 public:
  SocketIoServer(const SocketIoOptions& options, SessionTable& sessions, AssemblyPool& assemblies,
                 SocketIoHandler& handler);
  SocketIoServer(const SocketIoServer&) = delete;
  SocketIoServer& operator=(const SocketIoServer&) = delete;

  /// The transport layer below, set once before the first session.
  void attach(const EngineIoServer& engine) { engine_ = &engine; }

  // --- Out -----------------------------------------------------------------------------------

  /// An event encoded once for any number of sockets of namespace `nsp`: the same bytes serve both
  /// protocol revisions. The caller owns the one reference. `data` is the raw JSON of one argument
  /// in pieces (at most kMaxDataParts), empty for none. kNoFrame when no frame is free even after
  /// the slowest reader was shed.
  [[nodiscard]] FrameRef encode_event(std::uint8_t nsp, std::string_view name_literal,
                                      std::span<const std::string_view> data);
  static constexpr std::size_t kMaxDataParts = 16;
  /// One event with raw arguments and attachments to one socket. False when it could not be queued
  /// whole; the session is then closed.
  bool emit(Socket socket, std::string_view name_literal, std::string_view arguments,
            std::span<const std::string_view> attachments = {});
  /// The answer to an event that came with `ack_id`.
  bool acknowledge(Socket socket, std::uint64_t ack_id, std::string_view arguments,
                   std::span<const std::string_view> attachments = {});

  // --- In --------------------------------------------------------------------------------------

  void on_handshake(SessionId session, std::string_view token, Instant now) override {
    handler_.on_handshake(session, token, now);
  }
  void on_open(SessionId session, Instant now) override;
  void on_message(SessionId session, const EngineIoPacket& message, Instant now) override;
  void on_ended(SessionId session, CloseReason reason) override;

  [[nodiscard]] Instant next_due() const {
    return std::min(connect_due_.next_due(), assembly_due_.next_due());
  }
  void expire(Instant now);

  [[nodiscard]] std::uint64_t messages_received() const { return messages_received_; }

 private:
  struct State {
    RateWindow rate;
    AssemblyRef assembly = kNoAssembly;  ///< a binary event waiting for attachments
    std::uint32_t header_bytes = 0;      ///< of its text, at the start of the assembly
    std::uint32_t attachment_bytes[kMaxAttachments] = {};
    std::uint8_t attachments_due = 0;
    std::uint8_t attachments_here = 0;
    std::uint8_t joined = 0;  ///< bit a namespace
  };

  [[nodiscard]] bool is_v3(SessionId session) const;
  [[nodiscard]] std::optional<std::uint8_t> find_namespace(std::string_view nsp) const;
  [[nodiscard]] bool joined(Socket socket) const;

  void on_text(SessionId session, std::string_view text, Instant now);
  void on_binary(SessionId session, std::string_view bytes, Instant now);
  void on_packet(SessionId session, const SocketIoPacket& packet,
                 std::span<const std::string_view> attachments, Instant now);
  void on_connect(SessionId session, const SocketIoPacket& packet, Instant now);
  void on_event(Socket socket, const SocketIoPacket& packet,
                std::span<const std::string_view> attachments, Instant now);
  void join(Socket socket, std::string_view auth, Instant now);
  [[nodiscard]] bool send_connected(Socket socket);
  void leave(Socket socket, bool goodbye);
  void begin_assembly(SessionId session, std::string_view text, std::uint8_t attachments,
                      Instant now);
  /// Adds to the event that waits; false, with the session closed, when it grows too large.
  [[nodiscard]] bool assemble(SessionId session, std::string_view bytes);
  void finish_assembly(SessionId session, Instant now);
  void drop_assembly(SessionId session);

  using Parts = std::span<const std::string_view>;
  [[nodiscard]] FrameRef build_packet(const SocketIoPacket& packet, Parts json);
  /// Queues a frame just built and drops the builder's reference; closes the session on kNoFrame.
  bool deliver(SessionId session, FrameRef frame);
  bool send_packet(SessionId session, const SocketIoPacket& packet, Parts json,
                   Parts attachments = {});

  SocketIoOptions options_;
  SessionTable& sessions_;
  AssemblyPool& assemblies_;
  SocketIoHandler& handler_;
  const EngineIoServer* engine_ = nullptr;
  FixedArray<State> states_;
  DeadlineQueue connect_due_;
  DeadlineQueue assembly_due_;  ///< attachments must follow, or they hold a shared buffer
  std::uint64_t messages_received_ = 0;
};

}  // namespace bellhop
