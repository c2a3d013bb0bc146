#pragma once
#include "store/sqlite_statement.h"
#include "store/store.h"

namespace bellhop {

class SqliteRooms final : public RoomRows {
 public:
  explicit SqliteRooms(SqliteDatabase& database);

  [[nodiscard]] bool clear() override;
  [[nodiscard]] bool put_room(std::uint32_t slot, std::string_view name, WallTime created) override;
  [[nodiscard]] bool remove_room(std::uint32_t slot) override;
  [[nodiscard]] bool put_membership(std::uint32_t slot, std::uint32_t room, std::string_view sid,
                                    EntryRule rule, WallTime since) override;
  [[nodiscard]] bool remove_membership(std::uint32_t slot) override;
  [[nodiscard]] bool read(RoomReader& reader) override;

 private:
  SqliteStatement clear_rooms_;
  SqliteStatement clear_memberships_;
  SqliteStatement put_room_;
  SqliteStatement remove_room_;
  SqliteStatement put_membership_;
  SqliteStatement remove_membership_;
  SqliteStatement read_;
};

}  // namespace bellhop
