#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/delivery.h"
#include "base/fixed_array.h"
#include "base/gauge.h"
#include "base/handle.h"
#include "session/outbox.h"

namespace bellhop {

enum class CloseReason : std::uint8_t {
  client_closed,    ///< the client said so
  connection_lost,  ///< its connection ended, or a hanging poll was cut
  ping_timeout,
  protocol_error,  ///< undecodable or out of order
  message_too_big,
  slow_reader,      ///< its queue overran
  flooding,         ///< more messages than limits.messages_per_10s
  connect_timeout,  ///< no namespace entered in time
  out_of_memory,    ///< no frame was free for an answer that must not be lost
  token_ended,      ///< what it was let in with has been revoked or has expired
  refused,          ///< it never was let in
  shutdown,
};
inline constexpr std::size_t kCloseReasons = 12;
[[nodiscard]] std::string_view close_reason_name(CloseReason reason);

/// The dialect that drives a session.
class SessionDriver {
 public:
  /// Move what is queued to the wire, as far as the wire takes it. Called at the end of a turn, and
  /// earlier when a queue is full. Must neither wake nor close other sessions.
  virtual void flush(SessionId session) = 0;
  /// The session ends now: its id is valid during this call and never again.
  virtual void ended(SessionId session, CloseReason reason) = 0;

 protected:
  ~SessionDriver() = default;
};

struct SessionTableOptions {
  std::size_t sessions = 0;
  std::size_t queue_messages = Outbox::kCapacity;  ///< at most Outbox::kCapacity
  std::size_t queue_bytes = 0;
};

/// Owns every session of every dialect: ids, queues, the list of those with something to send and
/// the list of those about to end. close() only marks, reap() ends: nothing is destroyed inside a
/// callback or a fan-out loop.
class SessionTable {
 public:
  SessionTable(const SessionTableOptions& options, FramePool& frames);

  /// A new session, or a null id when the table is full (counted).
  [[nodiscard]] SessionId open(SessionDriver& driver);
  [[nodiscard]] bool alive(SessionId session) const;
  /// Whether a live session is `driver`'s.
  [[nodiscard]] bool driven_by(SessionId session, const SessionDriver& driver) const {
    return alive(session) && slots_[session.index].driver == &driver;
  }
  /// The live session in slot `index`, or a null id.
  [[nodiscard]] SessionId at(std::uint32_t index) const;

  /// Queues one more reference of `frame`; as the `latest` one it takes the place of the `latest`
  /// one that waits. False when the session is gone, or when its queue is full even after a flush:
  /// then it is closed as a slow reader.
  bool send(SessionId session, FrameRef frame, Delivery delivery = Delivery::every);
  /// The same for many; returns for how many it was queued.
  std::size_t send(std::span<const SessionId> sessions, FrameRef frame,
                   Delivery delivery = Delivery::every);

  /// Joins `head` and `parts` to one sealed frame, whose one reference is the caller's. While the
  /// pool is dry the slowest readers give way; kNoFrame when that does not help either, or when no
  /// frame is that large.
  [[nodiscard]] FrameRef build(std::string_view head, std::span<const std::string_view> parts,
                               WebSocketOpcode opcode = WebSocketOpcode::text);

  [[nodiscard]] Outbox& outbox(SessionId session) { return slots_[session.index].outbox; }
  [[nodiscard]] FramePool& frames() { return frames_; }

  /// Drops what is queued and marks the session for reap(); the first reason stands.
  void close(SessionId session, CloseReason reason);
  /// For when the frame pool runs dry: sends what this turn has queued, and when there is nothing
  /// left to send closes the session that holds the most queued bytes. The slowest reader gives
  /// way, not the newest message. Call it until there is room; false when nobody holds any.
  bool shed_slowest();

  /// Marks a session for flush_dirty(), e.g. when its wire takes bytes again.
  void wake(SessionId session);
  void flush_dirty();
  /// Ends what close() marked; drivers hear it here.
  void reap();

  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }
  [[nodiscard]] const TableGauge& gauge() const { return gauge_; }
  [[nodiscard]] std::uint64_t closed_count(CloseReason reason) const {
    return closed_[static_cast<std::size_t>(reason)];
  }
  /// Frames queued to sessions since the start.
  [[nodiscard]] std::uint64_t queued_count() const { return queued_; }

 private:
  enum class State : std::uint8_t { free, open, closing };
  struct Slot {
    Outbox outbox;
    SessionDriver* driver = nullptr;
    std::uint32_t generation = 1;
    State state = State::free;
    CloseReason reason = CloseReason::client_closed;
    bool dirty = false;
  };

  [[nodiscard]] bool has_room(const Slot& slot, std::size_t bytes) const;
  void end(std::uint32_t index);

  FramePool& frames_;
  FixedArray<Slot> slots_;
  FixedList<std::uint32_t> free_;
  FixedList<std::uint32_t> dirty_;
  FixedList<std::uint32_t> closing_;
  std::size_t queue_messages_;
  std::size_t queue_bytes_;
  TableGauge gauge_;
  std::uint64_t closed_[kCloseReasons] = {};
  std::uint64_t queued_ = 0;
};

}  // namespace bellhop
