#include "token/token_book.h"

#include <string>
#include <vector>

#include "support/text.h"
#include "support/token_records.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(TokenBook) {
  TokenBook book{3};

  std::string_view user_of(std::string_view token) const {
    const TokenRecord* record = book.record(book.find(token));
    return record == nullptr ? "-"sv : record->user.view();
  }
};

TEST(TokenBook, FindsATokenByItsText) {
  CHECK_FALSE(book.find("a"));
  LONGS_EQUAL(0, book.load(std::vector{record_of("a", "1"), record_of("b", "2")}));
  CHECK_EQUAL("1"sv, user_of("a"));
  CHECK_EQUAL("2"sv, user_of("b"));
  CHECK_EQUAL("-"sv, user_of("c"));
  CHECK_EQUAL("-"sv, user_of(""));
  LONGS_EQUAL(2, book.gauge().in_use);
  LONGS_EQUAL(3, book.gauge().capacity);
}

TEST(TokenBook, HandlesOfTokensThatStayStay) {
  book.load(std::vector{record_of("a", "1"), record_of("b", "2")});
  const TokenId a = book.find("a");
  const TokenId b = book.find("b");
  book.load(std::vector{record_of("c", "3"), record_of("b", "2")});
  POINTERS_EQUAL(nullptr, book.record(a));
  CHECK_EQUAL("2"sv, book.record(b)->user.view());
  CHECK(book.find("b") == b);
  book.load(std::vector{record_of("a", "1"), record_of("b", "2"), record_of("c", "3")});
  POINTERS_EQUAL(nullptr, book.record(a));  // the same token again, and yet another handle
  CHECK_EQUAL("1"sv, user_of("a"));
}

TEST(TokenBook, ATokenOfAnotherUserIsAnother) {
  book.load(std::vector{record_of("a", "1")});
  const TokenId before = book.find("a");
  book.load(std::vector{record_of("a", "2")});
  POINTERS_EQUAL(nullptr, book.record(before));
  CHECK_EQUAL("2"sv, user_of("a"));
}

TEST(TokenBook, WhatElseChangesIsTaken) {
  book.load(std::vector{record_of("a", "1")});
  const TokenId id = book.find("a");
  const WallTime soon{Duration{5}};
  book.load(std::vector{record_of("a", "1", soon)});
  CHECK(book.record(id)->expires == soon);
}

TEST(TokenBook, AFullTableLeavesOutAndReplaces) {
  LONGS_EQUAL(1, book.load(std::vector{record_of("a", "1"), record_of("b", "1"),
                                       record_of("c", "1"), record_of("d", "1")}));
  CHECK_EQUAL("-"sv, user_of("d"));
  LONGS_EQUAL(1, book.gauge().refusals);
  LONGS_EQUAL(
      0, book.load(std::vector{record_of("d", "4"), record_of("e", "5"), record_of("f", "6")}));
  CHECK_EQUAL("4"sv, user_of("d"));
  CHECK_EQUAL("6"sv, user_of("f"));
  LONGS_EQUAL(3, book.gauge().in_use);
  LONGS_EQUAL(3, book.gauge().high_water);
}

TEST(TokenBook, NoHandleIsGoodForNothing) {
  book.load(std::vector{record_of("a", "1")});
  POINTERS_EQUAL(nullptr, book.record({}));
  POINTERS_EQUAL(nullptr, book.record({99, 1}));
}

TEST(TokenBook, ListsTheOldestFirst) {
  std::vector<TokenRecord> records = {record_of("b", "2"), record_of("c", "3"),
                                      record_of("a", "1")};
  records[1].created = WallTime{Duration{-5}};
  book.load(records);
  std::string listed;
  for (const TokenRecord* record : book.records()) listed += record->id.view();
  CHECK_EQUAL("cab"sv, std::string_view(listed));
}

TEST(TokenBook, ManyLoadsKeepTheChainsWhole) {
  TokenBook many{64};
  for (int round = 0; round < 50; ++round) {
    std::vector<TokenRecord> records;
    for (int i = 0; i < 64; ++i) {
      if ((i * 7 + round) % 3 != 0) records.push_back(record_of(std::to_string(i), "u"));
    }
    LONGS_EQUAL(0, many.load(records));
    for (int i = 0; i < 64; ++i) {
      LONGS_EQUAL((i * 7 + round) % 3 != 0, bool(many.find(std::to_string(i))));
    }
    LONGS_EQUAL(records.size(), many.gauge().in_use);
  }
}
