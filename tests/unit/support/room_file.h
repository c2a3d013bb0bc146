#pragma once
// The database with the rows of rooms, in a folder of its own.
#include <memory>
#include <string>

#include "platform/temporary_folder.h"
#include "store/sqlite_database.h"
#include "store/sqlite_rooms.h"
#include "support/sqlite_file.h"
#include "support/text.h"

namespace bellhop {

inline constexpr WallTime kThen{Duration{1700000000123}};

class CollectRooms final : public RoomReader {
 public:
  void room(std::string_view name, WallTime created, std::size_t members) override {
    text.append(name).append("@").append(std::to_string(created.time_since_epoch().count()));
    text.append(" ").append(std::to_string(members)).append("\n");
  }
  std::string text;
};

/// The file with the rows of rooms.
struct RoomFile {
  explicit RoomFile(const SqliteOptions& options = {}) : database(options) {}

  bool write_room(std::uint32_t slot, std::string_view name) {
    return database.begin() && rows.put_room(slot, name, kThen) && database.commit();
  }

  SqliteDatabase database;
  SqliteRooms rows{database};
};

struct RoomFileRig : public Utest {
  TemporaryFolder folder;
  std::string path = folder.file("bellhop.db");
  std::unique_ptr<RoomFile> store = std::make_unique<RoomFile>();

  /// Another run, on the same file if it was opened before; not yet opened.
  void run_again() {
    store.reset();  // the last one to close folds the WAL into the file
    store = std::make_unique<RoomFile>();
  }
  void reopen() {
    run_again();
    CHECK(store->database.open(path));
  }
  std::string read() {
    CollectRooms collect;
    CHECK(store->rows.read(collect));
    return collect.text;
  }
};

}  // namespace bellhop
