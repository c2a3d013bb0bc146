#include "store/token_keeper.h"

#include <string>

#include "base/log.h"
#include "platform/temporary_folder.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr WallTime kNow{Duration{1700000000000}};
constexpr Duration kDay{86400000};

constexpr Instant at(std::int64_t ms) {
  return Instant{Duration{ms}};
}

}  // namespace

TEST_GROUP(TokenKeeper) {
  /// A process with the database open.
  struct Process {
    explicit Process(const std::string& path, std::size_t capacity = 4) : book(capacity) {
      CHECK(database.open(path));
      CHECK(keeper.reload());
    }
    std::string add(std::string_view user, std::string_view id = "",
                    WallTime expires = WallTime::max()) {
      IssuedToken issued;
      last = keeper.add({id, user, "", expires}, kNow, issued);
      return issued.token;
    }
    std::string_view user_of(std::string_view token) const {
      const TokenRecord* record = book.record(book.find(token));
      return record == nullptr ? "-"sv : record->user.view();
    }

    SqliteDatabase database;
    TokenBook book;
    TokenKeeper keeper{database, book};
    RegistryResult last = RegistryResult::done;
  };

  void setup() override {
    log_set_level(LogLevel::error);
  }
  void teardown() override {
    log_set_level(LogLevel::info);
  }

  TemporaryFolder folder;
  std::string path = folder.file("bellhop.db");
};

TEST(TokenKeeper, WhatIsAddedIsGoodAtOnceAndAfterARestart) {
  IssuedToken issued;
  {
    Process process(path);
    CHECK(process.keeper.add({"kiosk", "1", "甲", kNow + kDay}, kNow, issued) ==
          RegistryResult::done);
    CHECK_EQUAL("1"sv, process.user_of(issued.token));
  }
  Process again(path);
  const TokenRecord* record = again.book.record(again.book.find(issued.token));
  CHECK(record != nullptr);
  CHECK_EQUAL("kiosk"sv, record->id.view());
  CHECK_EQUAL("1"sv, record->user.view());
  CHECK_EQUAL("甲"sv, record->name.view());
  CHECK(record->created == kNow);
  CHECK(record->expires == kNow + kDay);
}

TEST(TokenKeeper, TheTokenItselfIsNowhereInTheFolder) {
  Process process(path);
  const std::string token = process.add("1");
  LONGS_EQUAL(43, token.size());
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    CHECK(folder.get(file.path().filename()).find(token) == std::string::npos);
  }
}

TEST(TokenKeeper, TokensAndMadeIdsDiffer) {
  Process process(path);
  CHECK(process.add("1") != process.add("1"));
  CHECK(process.last == RegistryResult::done);
  LONGS_EQUAL(2, process.book.gauge().in_use);
}

TEST(TokenKeeper, WhatIsRemovedIsGoodNoMore) {
  Process process(path);
  const std::string token = process.add("1", "a");
  CHECK(process.keeper.remove("a") == RegistryResult::done);
  CHECK_EQUAL("-"sv, process.user_of(token));
  CHECK(process.keeper.remove("a") == RegistryResult::not_found);
  CHECK_EQUAL("there is no token of this id"sv, process.keeper.reason());
  CHECK_EQUAL("-"sv, Process(path).user_of(token));
}

TEST(TokenKeeper, AnIdIsTakenOnce) {
  Process process(path);
  const std::string token = process.add("1", "a");
  CHECK_EQUAL(""sv, std::string_view(process.add("2", "a")));
  CHECK(process.last == RegistryResult::taken);
  CHECK_EQUAL("1"sv, process.user_of(token));
}

TEST(TokenKeeper, ImpossibleTokensAreRefused) {
  Process process(path);
  for (const auto& [user, id] : {std::pair{"", "a"}, {"a\"", "a"}, {"1", "a b"}, {"1", "-"}}) {
    CHECK_EQUAL(""sv, std::string_view(process.add(user, id)));
    CHECK(process.last == RegistryResult::refused);
    CHECK_FALSE(process.keeper.reason().empty());
  }
  process.add("1", "a", kNow);
  CHECK(process.last == RegistryResult::refused);
  LONGS_EQUAL(0, process.book.gauge().in_use);
}

TEST(TokenKeeper, AFullTableRefusesUntilSomethingExpiresOrGoes) {
  Process process(path, 2);
  process.add("1", "a");
  process.add("2", "b", kNow + kDay);
  process.add("3", "c");
  CHECK(process.last == RegistryResult::full);
  LONGS_EQUAL(1, process.book.gauge().refusals);
  LONGS_EQUAL(2, process.book.gauge().in_use);
  IssuedToken issued;
  CHECK(process.keeper.add({"c", "3", ""}, kNow + kDay, issued) == RegistryResult::done);
  CHECK(process.keeper.remove("b") == RegistryResult::not_found);  // it made room
  CHECK(process.keeper.remove("a") == RegistryResult::done);
  process.add("4");
  CHECK(process.last == RegistryResult::done);
}

TEST(TokenKeeper, MoreTokensThanTheLimitAreLeftOutTheYoungestFirst) {
  {
    Process process(path, 3);
    for (const char* id : {"a", "b", "c"}) process.add("1", id);
  }
  Process smaller(path, 2);
  CHECK(smaller.book.records()[1]->id == "b"sv);
  LONGS_EQUAL(2, smaller.book.gauge().in_use);
}

TEST(TokenKeeper, WhatAnotherProcessWritesIsNoticed) {
  Process gateway(path);
  const std::string own = gateway.add("1", "own");
  gateway.keeper.poll(at(0));
  Process other(path);
  const std::string token = other.add("2", "theirs");
  CHECK_EQUAL("-"sv, gateway.user_of(token));
  CHECK(gateway.keeper.next_due() == at(0) + TokenKeeper::kPollInterval);
  gateway.keeper.poll(gateway.keeper.next_due() - Duration{1});
  CHECK_EQUAL("-"sv, gateway.user_of(token));
  gateway.keeper.poll(gateway.keeper.next_due());
  CHECK_EQUAL("2"sv, gateway.user_of(token));
  const TokenId handle = gateway.book.find(token);
  CHECK(other.keeper.remove("own") == RegistryResult::done);
  gateway.keeper.poll(gateway.keeper.next_due());
  CHECK_EQUAL("-"sv, gateway.user_of(own));
  CHECK(gateway.book.find(token) == handle);
}

TEST(TokenKeeper, WithoutChangesAPollReadsNothing) {
  Process gateway(path);
  gateway.keeper.poll(at(0));
  gateway.book.load({});
  gateway.add("1");
  gateway.book.load({});
  gateway.keeper.poll(at(1000));
  LONGS_EQUAL(0, gateway.book.gauge().in_use);
}

TEST(TokenKeeper, WhileAnotherWritesNothingIsHalfDone) {
  Process gateway(path);
  const std::string token = gateway.add("1", "a");
  Process other(path);
  CHECK(other.database.begin());
  CHECK_EQUAL(""sv, std::string_view(gateway.add("2", "b")));
  CHECK(gateway.last == RegistryResult::unavailable);
  CHECK_EQUAL("the database cannot be written: database is locked"sv, gateway.keeper.reason());
  CHECK(gateway.keeper.remove("a") == RegistryResult::unavailable);
  CHECK_EQUAL("1"sv, gateway.user_of(token));
  other.database.rollback();
  gateway.add("2", "b");
  CHECK(gateway.last == RegistryResult::done);
}

TEST(TokenKeeper, ARefusalLeavesTheDatabaseToOthers) {
  Process gateway(path, 1);
  Process other(path);
  const auto others_can_write = [&] {
    const bool can = other.database.begin();
    other.database.rollback();
    return can;
  };
  gateway.add("1", "a");
  gateway.add("1", "a");
  CHECK(gateway.last == RegistryResult::taken && others_can_write());
  gateway.add("1", "b");
  CHECK(gateway.last == RegistryResult::full && others_can_write());
  CHECK(gateway.keeper.remove("b") == RegistryResult::not_found && others_can_write());
  gateway.add("", "c");
  CHECK(gateway.last == RegistryResult::refused && others_can_write());
}

TEST(TokenKeeper, WithoutADatabaseNothingIsDoneAndTheBookStays) {
  SqliteDatabase database;
  TokenBook book(2);
  TokenKeeper keeper(database, book);
  CHECK_FALSE(database.open(folder.file("missing/bellhop.db")));
  CHECK_FALSE(keeper.reload());
  keeper.poll(at(0));
  IssuedToken issued;
  CHECK(keeper.add({"", "1", ""}, kNow, issued) == RegistryResult::unavailable);
  CHECK(issued.token.empty());
  CHECK(keeper.remove("a") == RegistryResult::unavailable);
}

TEST(TokenKeeper, ADatabaseThatComesBackIsRead) {
  Process gateway(path);
  const std::string token = gateway.add("1", "a");
  SqliteDatabase late;
  TokenBook book(2);
  TokenKeeper keeper(late, book);
  keeper.poll(at(0));
  CHECK_FALSE(book.find(token));
  CHECK(late.open(path));
  keeper.poll(keeper.next_due());
  CHECK(bool(book.find(token)));
}
