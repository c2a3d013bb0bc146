#include "base/log_tail.h"

#include <memory>
#include <string>

#include "base/log.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

TEST_GROUP(LogTail) {
  std::unique_ptr<LogTail> tail = std::make_unique<LogTail>();

  void add(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) tail->add("line " + std::to_string(i));
  }
};

TEST(LogTail, BeginsEmpty) {
  LONGS_EQUAL(0, tail->size());
}

TEST(LogTail, ListsTheOldestFirst) {
  add(3);
  LONGS_EQUAL(3, tail->size());
  LONGS_EQUAL(1, (*tail)[0].number);
  CHECK_EQUAL("line 0"sv, (*tail)[0].text);
  LONGS_EQUAL(3, (*tail)[2].number);
  CHECK_EQUAL("line 2"sv, (*tail)[2].text);
}

TEST(LogTail, KeepsTheLastOnes) {
  for (const std::size_t extra : {0U, 1U, 300U}) {
    *tail = {};
    add(kLogTailLines + extra);
    LONGS_EQUAL(kLogTailLines, tail->size());
    LONGS_EQUAL(extra + 1, (*tail)[0].number);
    CHECK_EQUAL("line " + std::to_string(extra), std::string((*tail)[0].text));
    CHECK_EQUAL("line " + std::to_string(extra + kLogTailLines - 1),
                std::string((*tail)[kLogTailLines - 1].text));
  }
}

TEST(LogTail, AShortLineLeavesNothingOfTheLongOneBeforeIt) {
  tail->add(std::string(kLogLineBytes, 'x'));
  LONGS_EQUAL(kLogLineBytes, (*tail)[0].text.size());
  for (std::size_t i = 0; i < kLogTailLines; ++i) tail->add("y");
  CHECK_EQUAL("y"sv, (*tail)[kLogTailLines - 1].text);
}

TEST(LogTail, HasWhatWasLoggedAndNotWhatWasBelowTheLevel) {
  log_event(LogLevel::info, "tail_test", {{"n", 1}});
  log_event(LogLevel::debug, "tail_test", {{"n", 2}});
  const LogTail& logged = log_tail();
  CHECK(logged[logged.size() - 1].text.ends_with(" level=info event=tail_test n=1"));
}
