#pragma once
// What outlives the process, as the rest of the house sees it.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/rooms.h"

namespace bellhop {

/// Receives the rooms read back at start.
class RoomReader {
 public:
  virtual void room(std::string_view name, WallTime created, std::size_t members) = 0;

 protected:
  ~RoomReader() = default;
};

/// Rows mirror the slots of the fixed tables. Writes belong to a transaction: begin, any number of
/// clear, put and remove, commit. When one returns false, error() says why, the transaction is
/// undone and the caller writes all of it again later.
class Store {
 public:
  virtual ~Store() = default;

  [[nodiscard]] virtual bool begin() = 0;
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
  /// True: on the disk, whatever happens next.
  [[nodiscard]] virtual bool commit() = 0;

  [[nodiscard]] virtual bool read_rooms(RoomReader& reader) = 0;
  [[nodiscard]] virtual std::string_view error() const = 0;
};

}  // namespace bellhop
