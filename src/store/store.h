#pragma once
// What outlives the process, as the rest of the house sees it.
#include <cstdint>
#include <string_view>

#include "gateway/rooms.h"

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

}  // namespace bellhop
