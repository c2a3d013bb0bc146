#pragma once
// A store made of maps that fails when told to. Knows no test framework.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace bellhop {

class FakeStore final : public Transactions, public RoomRows {
 public:
  bool begin() override {
    if (another_writes || !step()) return false;
    ++transactions;
    pending_ = rows;
    rows_in_transaction = 0;
    return true;
  }
  bool clear() override {
    if (!step()) return false;
    pending_ = {};
    ++clears;
    return true;
  }
  bool put_room(std::uint32_t slot, std::string_view name, WallTime created) override {
    return write([&] {
      pending_.rooms[slot] =
          std::string(name) + "@" + std::to_string(created.time_since_epoch().count());
    });
  }
  bool remove_room(std::uint32_t slot) override {
    return write([&] { pending_.rooms.erase(slot); });
  }
  bool put_membership(std::uint32_t slot, std::uint32_t room, std::string_view sid, EntryRule rule,
                      WallTime since) override {
    return write([&] {
      pending_.memberships[slot] = pending_.rooms[room] + " " + std::string(sid) + " " +
                                   std::string(entry_rule_name(rule)) + " " +
                                   std::to_string(since.time_since_epoch().count());
    });
  }
  bool remove_membership(std::uint32_t slot) override {
    return write([&] { pending_.memberships.erase(slot); });
  }
  bool commit() override {
    if (!step()) return false;
    rows = pending_;
    return true;
  }
  bool read(RoomReader& reader) override {
    if (!step()) return false;
    for (const Held& held : held_before) reader.room(held.name, held.created, held.members);
    return true;
  }
  std::string_view error() const override { return "told to fail"; }
  bool busy() const override { return another_writes; }

  struct Rows {
    std::map<std::uint32_t, std::string> rooms;
    std::map<std::uint32_t, std::string> memberships;
  };
  /// What is on the disk, one line a row, in the order of the texts.
  std::string text() const {
    std::multimap<std::string, int> sorted;
    for (const auto& [slot, row] : rows.rooms) sorted.insert({row, 0});
    for (const auto& [slot, row] : rows.memberships) sorted.insert({row, 0});
    std::string joined;
    for (const auto& [row, unused] : sorted) joined += row + "\n";
    return joined;
  }

  struct Held {
    std::string name;
    WallTime created{};
    std::size_t members = 0;
  };
  std::vector<Held> held_before;
  Rows rows;
  int steps_until_failure = -1;  ///< how many calls succeed still; -1: all
  bool another_writes = false;   ///< begin() is refused, but not for good
  int transactions = 0;
  int clears = 0;
  int rows_in_transaction = 0;

 private:
  bool step() {
    if (steps_until_failure == 0) return false;
    if (steps_until_failure > 0) --steps_until_failure;
    return true;
  }
  template <class Change>
  bool write(Change change) {
    if (!step()) return false;
    ++rows_in_transaction;
    change();
    return true;
  }
  Rows pending_;
};

}  // namespace bellhop
