#pragma once
// The rules: what a connected page may do and what a back end's push means. Pure: commands in,
// effects out, fixed tables, no clock, no dialect.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fixed_array.h"
#include "base/instant.h"
#include "gateway/effects.h"
#include "gateway/rooms.h"

namespace bellhop {

/// A page's wish to enter a room, as it sent it: the rules judge it.
struct LoginRoom {
  std::optional<std::string_view> id;  ///< decoded; nullopt: missing or of a wrong type
  std::string_view rule = "loginWhenFirst";
};

struct Push {
  std::optional<std::string_view> room;  ///< absent: everyone
  Event event;
};

struct PushResult {
  std::size_t delivered = 0;  ///< sessions it was queued for
  std::uint64_t id = 0;       ///< unique on this box, growing
  bool overloaded = false;    ///< no memory: nobody got it
};

struct GatewayOptions {
  RoomsOptions rooms;
  std::uint64_t first_push_id = 1;
};

struct GatewayCounters {
  std::uint64_t pushes = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t entered = 0;
  std::uint64_t refused_entries = 0;  ///< 2003 and 2004
  std::uint64_t evicted = 0;
};

class Gateway {
 public:
  Gateway(const GatewayOptions& options, Effects& effects);

  // --- Pages -------------------------------------------------------------------------------------
  void connected(SessionId session);
  void disconnected(SessionId session);
  void login_room(const Origin& origin, const LoginRoom& request, WallTime now);
  void logout_room(const Origin& origin, std::optional<std::string_view> id);

  // --- Back ends ---------------------------------------------------------------------------------
  [[nodiscard]] PushResult push(const Push& push);
  [[nodiscard]] std::uint64_t next_push_id() const { return next_push_id_; }
  /// The ids below `least` are taken.
  void skip_push_ids(std::uint64_t least) { next_push_id_ = std::max(next_push_id_, least); }

  // --- The administrator -------------------------------------------------------------------------
  /// Puts a member out of a room and tells it so (2005). False when it is no member.
  [[nodiscard]] bool kick(std::string_view room, SessionId session);

  [[nodiscard]] Rooms& rooms() { return rooms_; }
  [[nodiscard]] const Rooms& rooms() const { return rooms_; }
  [[nodiscard]] std::size_t connected_count() const { return everyone_.size(); }
  [[nodiscard]] const GatewayCounters& counters() const { return counters_; }

 private:
  static constexpr std::uint32_t kAbsent = 0xffffffff;

  /// Composes a downmsg body in body_; valid until the next one.
  [[nodiscard]] std::string_view body(std::string_view code, std::string_view before,
                                      std::string_view id = {}, std::string_view after = {});
  /// Whoever it cannot be encoded for is closed.
  void send_downmsg(std::span<const SessionId> to, std::string_view body);
  void tell_kicked(std::span<const SessionId> evicted, std::string_view room);
  void answer(const Origin& origin, std::string_view body);
  void refuse(const Origin& origin, std::string_view reason);

  Effects& effects_;
  Rooms rooms_;
  FixedList<SessionId> everyone_;
  FixedArray<std::uint32_t> place_;  ///< of a session index in everyone_
  std::uint64_t next_push_id_;
  GatewayCounters counters_;
  std::array<char, 512> body_{};  ///< an id's every byte may become six
};

}  // namespace bellhop
