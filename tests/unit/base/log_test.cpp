#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "base/local_time.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

namespace {

/// What a log call writes to stderr, which is a pipe meanwhile.
template <class Call>
std::string captured(Call call) {
  int ends[2];
  CHECK_EQUAL(0, pipe2(ends, O_NONBLOCK | O_CLOEXEC));
  const int saved = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  call();
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(ends[1]);
  char bytes[4096];
  const ssize_t size = read(ends[0], bytes, sizeof bytes);
  close(ends[0]);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

/// The line behind its time stamp.
std::string line_of(std::string_view event, std::initializer_list<LogField> fields) {
  const std::string line = captured([&] { log_event(LogLevel::warn, event, fields); });
  CHECK_EQUAL(0u, line.find("time="));
  return line.substr(5 + kLocalTimeSize);
}

}  // namespace

TEST_GROUP(Log){void teardown() override{log_set_level(LogLevel::info);
}
}
;

TEST(Log, WritesKeysAndValues) {
  STRCMP_EQUAL(
      " level=warn event=session_closed sid=ab-1 count=-3 big=9223372036854775807\n",
      line_of("session_closed", {{"sid", "ab-1"}, {"count", -3}, {"big", INT64_MAX}}).c_str());
}

TEST(Log, QuotesWhatWouldNotReadBack) {
  STRCMP_EQUAL(
      " level=warn event=e a=\"two words\" b=\"\" c=\"say \\\"x\\\"\" d=\"k=v\" f=\"\\\\\"\n",
      line_of("e", {{"a", "two words"}, {"b", ""}, {"c", "say \"x\""}, {"d", "k=v"}, {"f", "\\"}})
          .c_str());
}

TEST(Log, AValueCannotForgeALine) {
  STRCMP_EQUAL(" level=warn event=e a=\"x\\nlevel=error\\x0d\\x1b[2J\\x7f\"\n",
               line_of("e", {{"a", "x\nlevel=error\r\x1b[2J\x7f"}}).c_str());
}

TEST(Log, OneControlCharacterIsEnoughForQuotes) {
  STRCMP_EQUAL(" level=warn event=e a=\"x\\ny\" b=\"\\x7f\"\n",
               line_of("e", {{"a", "x\ny"}, {"b", "\x7f"}}).c_str());
}

TEST(Log, LeavesOtherLettersReadable) {
  STRCMP_EQUAL(" level=warn event=e room=甲\n", line_of("e", {{"room", "甲"}}).c_str());
}

TEST(Log, CutsALongLineAndStillClosesTheQuote) {
  const std::string text = "a " + std::string(2000, 'x');
  const std::string line = captured([&] {
    log_event(LogLevel::warn, "e", {{"text", text}, {"more", "b c"}, {"n", 1}});
  });
  CHECK_EQUAL(1024u, line.size());
  CHECK(line.ends_with("xxx\" cut=1\n"));
}

TEST(Log, NeverCutsInsideAnEscapeOrACharacter) {
  for (std::size_t pad = 900; pad < 1010; ++pad) {
    const std::string text = std::string(pad, 'x') + " \x01\x01甲甲甲" + std::string(200, 'y');
    const std::string line = captured([&] { log_event(LogLevel::warn, "e", {{"t", text}}); });
    CHECK(line.size() <= 1024);
    CHECK(line.ends_with("\" cut=1\n"));
    const std::size_t end = line.size() - std::string_view("\" cut=1\n").size();
    const std::string value = line.substr(line.find("t=\"") + 3, end - line.find("t=\"") - 3);
    const std::string whole = std::string(pad, 'x') + " \\x01\\x01甲甲甲" + std::string(200, 'y');
    CHECK_EQUAL(0u, whole.find(value));
    const std::string rest = whole.substr(value.size());
    CHECK(!rest.starts_with("x01") && !rest.starts_with("01") && !rest.starts_with("1"));
    CHECK((static_cast<unsigned char>(rest[0]) & 0xc0) != 0x80);
  }
}

TEST(Log, LevelIsAThreshold) {
  const auto write = [](LogLevel level) { return captured([&] { log_event(level, "e", {}); }); };
  CHECK(write(LogLevel::debug).empty());
  CHECK(!write(LogLevel::info).empty());
  log_set_level(LogLevel::error);
  CHECK(write(LogLevel::warn).empty());
  CHECK(!write(LogLevel::error).empty());
  log_set_level(LogLevel::debug);
  CHECK(!write(LogLevel::debug).empty());
}

TEST(Log, LevelsHaveWords) {
  LogLevel level = LogLevel::info;
  CHECK(parse_log_level("debug", level));
  CHECK(level == LogLevel::debug);
  CHECK(parse_log_level("error", level));
  CHECK(level == LogLevel::error);
  CHECK_FALSE(parse_log_level("verbose", level));
  CHECK_FALSE(parse_log_level("", level));
  CHECK(level == LogLevel::error);
}
