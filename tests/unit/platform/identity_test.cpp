#include "platform/identity.h"

#include <array>

#include "support/full_disk.h"
#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

namespace {

constexpr WallTime kNow{Duration{1'800'000'000'000}};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

TEST_GROUP(Identity) {
  bool start(bool check_tls = true) {
    identity_ = {};
    error_.clear();
    return open_identity(files_, check_tls, kNow, identity_, error_);
  }

  void refuses(const std::string& file) {
    CHECK_FALSE_TEXT(start(), file.c_str());
    CHECK_TEXT(error_.find(file) == 0, error_.c_str());
    CHECK_TEXT(error_.find("; ") != std::string::npos, error_.c_str());
  }

  TemporaryFolder folder_;
  IdentityFiles files_{folder_.file("state"), "", "", "", ""};
  Identity identity_;
  std::string error_;
};

TEST(Identity, TheFirstStartMakesEverything) {
  CHECK_TEXT(start(), error_.c_str());
  CHECK(identity_.first_start);
  CHECK_EQUAL(0700u, folder_.mode("state"));
  CHECK_EQUAL(0600u, folder_.mode("state/push.key"));
  CHECK_EQUAL(0600u, folder_.mode("state/tls.key"));
  CHECK_EQUAL(0644u, folder_.mode("state/tls.crt"));
  CHECK(identity_.push_keys.accepts(first_line(folder_.get("state/push.key"))));
  CHECK_FALSE(identity_.push_keys.accepts(""));
  CHECK_EQUAL(0600u, folder_.mode("state/admin.key"));
  CHECK(identity_.admin_keys.accepts(first_line(folder_.get("state/admin.key"))));
}

TEST(Identity, PushKeyAndAdminKeyAreTwo) {
  CHECK(start());
  CHECK_FALSE(identity_.push_keys.accepts(first_line(folder_.get("state/admin.key"))));
  CHECK_FALSE(identity_.admin_keys.accepts(first_line(folder_.get("state/push.key"))));
}

TEST(Identity, TheSecondStartChangesNothing) {
  CHECK(start());
  const std::string key = folder_.get("state/push.key");
  const std::string certificate = folder_.get("state/tls.crt");
  CHECK(start());
  CHECK_FALSE(identity_.first_start);
  CHECK(key == folder_.get("state/push.key"));
  CHECK(certificate == folder_.get("state/tls.crt"));
  CHECK(identity_.push_keys.accepts(first_line(key)));
}

TEST(Identity, TwoFirstStartsDiffer) {
  CHECK(start());
  const std::string key = folder_.get("state/push.key");
  const std::string certificate = folder_.get("state/tls.crt");
  files_.state_directory = folder_.file("other");
  CHECK(start());
  CHECK(key != folder_.get("other/push.key"));
  CHECK(certificate != folder_.get("other/tls.crt"));
}

TEST(Identity, AFileLostLaterIsNeverMadeAgain) {
  CHECK(start());
  for (const char* name : {"state/push.key", "state/admin.key", "state/tls.crt", "state/tls.key"}) {
    const std::string text = folder_.get(name);
    folder_.remove(name);
    refuses(folder_.file(name));
    CHECK_EQUAL(0u, folder_.mode(name));
    folder_.put(name, "");
    refuses(folder_.file(name));
    folder_.put(name, "broken");
    refuses(folder_.file(name));
    folder_.put(name, text);
    CHECK_TEXT(start(), error_.c_str());
  }
}

TEST(Identity, ADatabaseAloneMeansUsed) {
  CHECK(start());
  for (const char* name : {"state/initialised", "state/push.key"}) folder_.remove(name);
  folder_.put("state/bellhop.db", "");
  refuses(folder_.file("state/push.key"));
}

TEST(Identity, SecretsMustBePrivate) {
  CHECK(start());
  const std::string key = folder_.get("state/push.key");
  folder_.put("state/push.key", key, 0644);
  refuses(folder_.file("state/push.key"));
  folder_.put("state/push.key", key);
  folder_.put("state/tls.key", folder_.get("state/tls.key"), 0640);
  refuses(folder_.file("state/tls.key"));
}

TEST(Identity, AFirstStartCutShortIsTakenUpAgain) {
  CHECK(start());
  const std::string push_key = folder_.get("state/push.key");
  const std::string tls_key = folder_.get("state/tls.key");
  for (const char* name : {"state/initialised", "state/tls.crt"}) folder_.remove(name);
  CHECK_TEXT(start(), error_.c_str());
  CHECK(push_key == folder_.get("state/push.key"));
  CHECK(tls_key == folder_.get("state/tls.key"));
}

TEST(Identity, WhateverACutLeavesOfAFirstStartTheNextOneHeals) {
  CHECK(start());
  const std::array<std::string, 4> names = {"state/push.key", "state/admin.key", "state/tls.key",
                                            "state/tls.crt"};
  std::array<std::string, 4> whole;
  for (std::size_t i = 0; i < names.size(); ++i) whole[i] = folder_.get(names[i]);
  constexpr int kLeft = 4;  // nothing, a name, zeros, the whole file
  for (int cut = 0; cut < kLeft * kLeft * kLeft * kLeft; ++cut) {
    folder_.remove("state/initialised");
    std::array<bool, 4> kept{};
    int rest = cut;
    for (std::size_t i = 0; i < names.size(); ++i, rest /= kLeft) {
      const std::array<std::string, kLeft> left = {"", "", std::string(whole[i].size(), '\0'),
                                                   whole[i]};
      const auto what = static_cast<std::size_t>(rest % kLeft);
      folder_.put(names[i], left[what], i == 3 ? 0644 : 0600);
      if (what == 0) folder_.remove(names[i]);
      kept[i] = what == kLeft - 1;
    }
    CHECK_TEXT(start(), error_.c_str());
    CHECK(identity_.first_start == !(kept[0] && kept[1] && kept[2] && kept[3]));
    kept[3] = kept[3] && kept[2];  // a certificate goes with its key
    for (std::size_t i = 0; i < names.size(); ++i) {
      CHECK(kept[i] == (folder_.get(names[i]) == whole[i]));
    }
    CHECK_TEXT(start(), error_.c_str());
    CHECK_FALSE(identity_.first_start);
  }
}

TEST(Identity, ABrokenFileOfSomebodyIsNotReplacedByTheFirstStart) {
  CHECK_EQUAL(0, mkdir(folder_.file("state").c_str(), 0700));
  folder_.put("state/push.key", "too short\n");
  refuses(folder_.file("state/push.key"));
  STRCMP_EQUAL("too short\n", folder_.get("state/push.key").c_str());
  folder_.put("state/push.key", "a-key-of-the-house\n", 0644);
  refuses(folder_.file("state/push.key"));
  folder_.put("state/push.key", "a-key-of-the-house\n");
  CHECK_TEXT(start(), error_.c_str());
  CHECK(identity_.push_keys.accepts("a-key-of-the-house"));
}

TEST(Identity, AFullDiskAtTheFirstStartLeavesNothingHalfDone) {
  // One file after the other finds room: a key of 44 bytes, then keys of 227 or so.
  for (const rlim_t room : {0U, 43U, 44U, 100U, 400U}) {
    {
      const FullDisk full(room);
      CHECK_FALSE(start());
      CHECK_TEXT(error_.find(folder_.file("state/")) == 0, error_.c_str());
      CHECK_TEXT(error_.find("cannot write") != std::string::npos, error_.c_str());
    }
    CHECK_EQUAL(0u, folder_.mode("state/initialised"));
  }
  CHECK_TEXT(start(), error_.c_str());
}

TEST(Identity, AFailedFirstStartCanBeRepeated) {
  files_.push_key = folder_.file("house.key");
  refuses(folder_.file("house.key"));
  folder_.put("house.key", "a-key-of-the-house\n");
  CHECK_TEXT(start(), error_.c_str());
  CHECK(identity_.push_keys.accepts("a-key-of-the-house"));
}

TEST(Identity, FilesOfTheHouseAreNeverMade) {
  files_.push_key = folder_.file("house.key");
  files_.admin_key = folder_.file("house-admin.key");
  files_.certificate = folder_.file("house.crt");
  files_.certificate_key = folder_.file("house-tls.key");
  folder_.put("house.key", "a-key-of-the-house\n");
  refuses(folder_.file("house-admin.key"));
  folder_.put("house-admin.key", "a-key-of-its-master\n");
  refuses(folder_.file("house.crt"));
  CHECK_EQUAL(0u, folder_.mode("state/tls.key"));
  CHECK_EQUAL(0u, folder_.mode("house.crt"));
  CHECK_EQUAL(0u, folder_.mode("state/push.key"));
  CHECK_EQUAL(0u, folder_.mode("state/admin.key"));
}

TEST(Identity, WithoutTlsTheCertificateIsMadeButNotAsked) {
  CHECK(start(false));
  CHECK_EQUAL(0644u, folder_.mode("state/tls.crt"));
  folder_.remove("state/tls.crt");
  CHECK(start(false));
  refuses(folder_.file("state/tls.crt"));
}

TEST(Identity, AStateFolderThatCannotBeMadeIsNamed) {
  files_.state_directory = folder_.file("no/state");
  CHECK_FALSE(start());
  CHECK_EQUAL(0u, error_.find(folder_.file("no/state")));
}
