#pragma once
// What outlives the process, as the rest of the house sees it.
#include <cstdint>
#include <string_view>

#include "gateway/calls.h"
#include "gateway/rooms.h"
#include "gateway/users.h"

namespace bellhop {

/// Writes belong to a transaction: begin, any number of writes of row classes, commit. When one
/// returns false, error() says why, the transaction is undone and the caller writes all of it again
/// later.
class Transactions {
 public:
  [[nodiscard]] virtual bool begin() = 0;
  /// True: on the disk, whatever happens next.
  [[nodiscard]] virtual bool commit() = 0;
  [[nodiscard]] virtual std::string_view error() const = 0;
  /// The last failure was another process writing: it will pass.
  [[nodiscard]] virtual bool busy() const = 0;

 protected:
  ~Transactions() = default;
};

/// Receives the rooms read back at start.
class RoomReader {
 public:
  virtual void room(std::string_view name, WallTime created, std::size_t members) = 0;

 protected:
  ~RoomReader() = default;
};

/// Rooms and memberships. Rows mirror the slots of the fixed tables.
class RoomRows {
 public:
  /// Removes every row.
  [[nodiscard]] virtual bool clear() = 0;
  [[nodiscard]] virtual bool put_room(std::uint32_t slot, std::string_view name,
                                      WallTime created) = 0;
  [[nodiscard]] virtual bool remove_room(std::uint32_t slot) = 0;
  /// `sid` names the holder's session to clients.
  [[nodiscard]] virtual bool put_membership(std::uint32_t slot, std::uint32_t room,
                                            std::string_view sid, EntryRule rule,
                                            WallTime since) = 0;
  [[nodiscard]] virtual bool remove_membership(std::uint32_t slot) = 0;
  [[nodiscard]] virtual bool read(RoomReader& reader) = 0;

 protected:
  ~RoomRows() = default;
};

/// A user as it is stored.
struct UserRow {
  std::string_view id;
  std::string_view name;
  bool online = false;
  WallTime last_seen{};
};

/// Receives the users read back at start.
class UserReader {
 public:
  virtual void user(const UserRow& row) = 0;

 protected:
  ~UserReader() = default;
};

/// Rows mirror the slots of the table of users.
class UserRows {
 public:
  [[nodiscard]] virtual bool clear() = 0;
  [[nodiscard]] virtual bool put(UserSlot slot, const UserRow& row) = 0;
  [[nodiscard]] virtual bool remove(UserSlot slot) = 0;
  [[nodiscard]] virtual bool read(UserReader& reader) = 0;

 protected:
  ~UserRows() = default;
};

/// The mark that no number given out has reached.
class NumberRows {
 public:
  [[nodiscard]] virtual bool clear() = 0;
  [[nodiscard]] virtual bool put(std::uint64_t mark) = 0;
  /// 0: there is none.
  [[nodiscard]] virtual bool read(std::uint64_t& mark) = 0;

 protected:
  ~NumberRows() = default;
};

/// Receives the calls read back at start, the oldest first.
class CallReader {
 public:
  virtual void call(const Call& call) = 0;

 protected:
  ~CallReader() = default;
};

/// Rows mirror the slots of the table of calls.
class CallRows {
 public:
  [[nodiscard]] virtual bool clear() = 0;
  [[nodiscard]] virtual bool put(CallSlot slot, const Call& call) = 0;
  [[nodiscard]] virtual bool read(CallReader& reader) = 0;

 protected:
  ~CallRows() = default;
};

}  // namespace bellhop
