#include "store/sqlite_rooms.h"

namespace bellhop {

SqliteRooms::SqliteRooms(SqliteDatabase& database)
    : clear_rooms_(database, "DELETE FROM rooms"),
      clear_memberships_(database, "DELETE FROM memberships"),
      put_room_(database, "INSERT OR REPLACE INTO rooms VALUES(?,?,?)"),
      remove_room_(database, "DELETE FROM rooms WHERE slot=?"),
      put_membership_(database, "INSERT OR REPLACE INTO memberships VALUES(?,?,?,?,?)"),
      remove_membership_(database, "DELETE FROM memberships WHERE slot=?"),
      read_(database,
            "SELECT name, created_ms, coalesce(members, 0) FROM rooms LEFT JOIN"
            " (SELECT room, count(*) AS members FROM memberships GROUP BY room)"
            " ON room=slot ORDER BY slot") {}

bool SqliteRooms::clear() {
  return clear_rooms_.start().run() && clear_memberships_.start().run();
}

bool SqliteRooms::put_room(std::uint32_t slot, std::string_view name, WallTime created) {
  return put_room_.start().bind(slot).bind(name).bind(created).run();
}

bool SqliteRooms::remove_room(std::uint32_t slot) {
  return remove_room_.start().bind(slot).run();
}

bool SqliteRooms::put_membership(std::uint32_t slot, std::uint32_t room, std::string_view sid,
                                 EntryRule rule, WallTime since) {
  return put_membership_.start()
      .bind(slot)
      .bind(room)
      .bind(sid)
      .bind(entry_rule_name(rule))
      .bind(since)
      .run();
}

bool SqliteRooms::remove_membership(std::uint32_t slot) {
  return remove_membership_.start().bind(slot).run();
}

bool SqliteRooms::read(RoomReader& reader) {
  read_.start();
  while (read_.next()) {
    reader.room(read_.text(0), read_.time(1), static_cast<std::size_t>(read_.integer(2)));
  }
  return read_.finish();
}

}  // namespace bellhop
