#pragma once
// Who is known, who is listed as online, and by which connections: fixed tables, no time but what
// is handed in. A user stays known after the last connection went, until a newcomer needs the slot.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/changed_slots.h"
#include "base/fixed_array.h"
#include "base/fixed_string.h"
#include "base/gauge.h"
#include "base/handle.h"
#include "base/instant.h"
#include "protocol/user.h"

namespace bellhop {

using UserSlot = std::uint32_t;
inline constexpr UserSlot kNoUser = 0xffffffff;

struct UsersOptions {
  std::size_t users = 0;
  std::size_t sessions = 0;  ///< session indices are below this
};

/// A user as others see it; valid until the table changes.
struct UserView {
  std::string_view id;  ///< empty: the slot is free
  std::string_view name;
  bool listed = false;  ///< online, or gone for less than the grace
  std::size_t terminals = 0;
  WallTime last_seen{};  ///< of a user with terminals: when the first of these came
};

class Users {
 public:
  explicit Users(const UsersOptions& options);

  /// Whether sign_in() would find a slot for `id`; a refusal is counted.
  [[nodiscard]] bool has_room(std::string_view id);
  /// Binds `session` to the user of this id, making one where there is none: in a full table the
  /// one of those not listed who was seen longest ago gives way. kNoUser when all are listed. `id`
  /// has no user_id_fault().
  [[nodiscard]] UserSlot sign_in(std::string_view id, std::string_view name, SessionId session,
                                 WallTime now);
  /// The session's user, who may have no connection left now; kNoUser when it had none.
  UserSlot sign_out(SessionId session, WallTime now);

  /// Puts a user on the list of those online, at its end, or takes one off. False: it was so.
  bool list(UserSlot user);
  bool unlist(UserSlot user);
  /// Those online, in the order in which they came.
  [[nodiscard]] std::span<const UserSlot> listed() const { return listed_.span(); }

  [[nodiscard]] UserSlot find(std::string_view id) const;
  [[nodiscard]] UserSlot user_of(SessionId session) const;
  [[nodiscard]] std::string_view id(UserSlot user) const { return users_[user].id.view(); }
  [[nodiscard]] std::size_t terminals(UserSlot user) const { return users_[user].terminals; }
  /// A user's connections, the newest first, without `but`; valid until the next call.
  [[nodiscard]] std::span<const SessionId> sessions(UserSlot user, SessionId but = {});
  /// The connections of all users.
  [[nodiscard]] std::span<const SessionId> everyone() const { return everyone_.span(); }

  // --- For listings and the store: slots 0 .. capacity()-1 ---------------------------------------

  [[nodiscard]] std::size_t capacity() const { return users_.size(); }
  [[nodiscard]] UserView view(UserSlot user) const;
  /// Slots that changed since they were last taken; nullopt when all are taken.
  [[nodiscard]] std::optional<UserSlot> take_changed() { return changed_.take(); }
  [[nodiscard]] bool changed() const { return !changed_.empty(); }
  /// Marks everything, when what was taken could not be stored.
  void mark_all_changed();
  /// Takes a user of the last run in, without connections and not listed. kNoUser for one that
  /// does not fit the table, is there already or has no possible id.
  [[nodiscard]] UserSlot restore(std::string_view id, std::string_view name, WallTime last_seen);

  [[nodiscard]] const TableGauge& gauge() const { return gauge_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct User {
    UserId id;
    UserName name;
    bool listed = false;
    std::uint32_t terminals = 0;
    std::uint32_t first_link = kNone;  ///< a session index
    UserSlot next_in_bucket = kNoUser;
    WallTime last_seen{};
  };
  /// Of one session: its user and its neighbours among the user's sessions.
  struct Link {
    SessionId session;
    UserSlot user = kNoUser;
    std::uint32_t prev = kNone;
    std::uint32_t next = kNone;
    std::uint32_t place = 0;  ///< in everyone_
  };

  [[nodiscard]] UserSlot& bucket(std::string_view id);
  [[nodiscard]] UserSlot create(std::string_view id, WallTime now);
  void destroy(UserSlot user);
  [[nodiscard]] UserSlot seen_longest_ago() const;
  void bind(UserSlot user, SessionId session);
  void unbind(const Link& link);

  FixedArray<User> users_;
  FixedArray<Link> links_;
  FixedArray<UserSlot> buckets_;  ///< heads of the chains of equal hashes
  FixedList<UserSlot> free_;
  FixedList<UserSlot> listed_;
  FixedList<SessionId> everyone_;
  FixedList<SessionId> found_;  ///< what sessions() hands out
  ChangedSlots changed_;
  TableGauge gauge_;
};

}  // namespace bellhop
