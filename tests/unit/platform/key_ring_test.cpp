#include "platform/key_ring.h"

#include <set>

#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(KeyRing) {
  bool load(const std::string& text, mode_t mode = 0600) {
    folder_.put("keys", text, mode);
    error_.clear();
    return ring_.load(folder_.file("keys"), error_);
  }

  void refuses(const std::string& text, const char* reason) {
    CHECK_FALSE_TEXT(load(text), reason);
    CHECK_TEXT(error_.find(folder_.file("keys")) == 0, error_.c_str());
    CHECK_TEXT(error_.find(reason) != std::string::npos, error_.c_str());
  }

  TemporaryFolder folder_;
  KeyRing ring_;
  std::string error_;
};

TEST(KeyRing, AnEmptyRingAcceptsNothing) {
  CHECK_FALSE(ring_.accepts(""));
  CHECK_FALSE(ring_.accepts("0123456789abcdef"));
}

TEST(KeyRing, AcceptsEachKeyAndNothingElse) {
  CHECK(
      load("# old\n0123456789abcdef\n\n  second-key-second-key "
           "\r\n#0123456789abcdeX\nlast+key/last=key."));
  CHECK_EQUAL(3u, ring_.size());
  CHECK(ring_.accepts("0123456789abcdef"));
  CHECK(ring_.accepts("second-key-second-key"));
  CHECK(ring_.accepts("last+key/last=key."));
  for (const char* wrong : {"", "0123456789abcde", "0123456789abcdeg", "0123456789abcdef ",
                            "0123456789ABCDEF", "#0123456789abcdeX", "# old"}) {
    CHECK_FALSE_TEXT(ring_.accepts(wrong), wrong);
  }
  CHECK_FALSE(ring_.accepts(std::string_view("0123456789abcdef\0", 17)));
}

TEST(KeyRing, NeverOpenByAccident) {
  refuses("", "the file is empty");
  refuses("\n", "there is no key");
  refuses("# only words\n\n", "there is no key");
  refuses("0123456789abcde\n", ":1: the key is too short");
  refuses("0123456789abcdef\nshort\n", ":2: the key is too short");
  refuses("0123456789 abcdef\n", ":1: the key contains a blank");
  refuses("0123456789abcdef\xc3\xa4\n", ":1: the key contains");
  refuses(std::string("0123456789abcdef\0x\n", 19), ":1: the key contains");
  refuses(std::string(257, 'k'), ":1: the key is longer");
  refuses(std::string(70000, '#'), "larger than");
  std::string many;
  for (int i = 0; i < 65; ++i) many += "0123456789abcdef" + std::to_string(i) + "\n";
  refuses(many, ":65: too many keys");
}

TEST(KeyRing, ErrorsNeverShowAKey) {
  CHECK_FALSE(load("s3cret-s3cret\n"));
  CHECK(error_.find("s3cret") == std::string::npos);
}

TEST(KeyRing, OthersMustNotReadTheFile) {
  for (const mode_t mode : {0640u, 0604u, 0660u, 0644u, 0601u}) {
    CHECK_FALSE(load("0123456789abcdef", mode));
    CHECK(error_.find("others than its owner") != std::string::npos);
  }
  CHECK(load("0123456789abcdef", 0400));
}

TEST(KeyRing, ABadReloadKeepsTheOldKeys) {
  CHECK(load("0123456789abcdef"));
  CHECK_FALSE(load("fedcba9876543210\nshort"));
  CHECK(ring_.accepts("0123456789abcdef"));
  CHECK_FALSE(ring_.accepts("fedcba9876543210"));
  folder_.remove("keys");
  CHECK_FALSE(ring_.load(folder_.file("keys"), error_));
  CHECK(ring_.accepts("0123456789abcdef"));
  CHECK(load("fedcba9876543210"));
  CHECK_FALSE(ring_.accepts("0123456789abcdef"));
  CHECK(ring_.accepts("fedcba9876543210"));
}

TEST(KeyRing, MadeKeysAreLongDifferentAndAccepted) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    std::string key;
    CHECK(make_key(key));
    CHECK_EQUAL(43u, key.size());
    CHECK(
        key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
        std::string::npos);
    CHECK(seen.insert(key).second);
  }
  CHECK(load(*seen.begin() + "\n"));
  CHECK(ring_.accepts(*seen.begin()));
}
