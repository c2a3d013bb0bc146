#include "edge/admission.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

namespace {

constexpr Instant at(std::int64_t ms) {
  return Instant{Duration{ms}};
}
constexpr std::uint32_t kOne = 0x0a000001;
constexpr std::uint32_t kTwo = 0x0a000002;

}  // namespace

TEST_GROUP(Admission) {
  Admission admission{
      {.addresses = 4, .connections_per_address = 3, .new_sessions_per_second = 2, .origins = {}}};

  bool opens(std::uint32_t address, std::int64_t ms = 0) {
    return admission.connection_opened(address, at(ms));
  }
  /// How many sessions in a row an address may open now.
  int sessions(std::uint32_t address, std::int64_t ms) {
    int allowed = 0;
    while (allowed < 100 && admission.session_allowed(address, at(ms))) ++allowed;
    return allowed;
  }
};

// --- Connections ---------------------------------------------------------------------------------

TEST(Admission, AnAddressHasItsShareOfConnections) {
  for (int i = 0; i < 3; ++i) CHECK(opens(kOne));
  CHECK_FALSE(opens(kOne));
  CHECK(opens(kTwo));
  LONGS_EQUAL(1, admission.refused_connections());
  admission.connection_closed(kOne);
  CHECK(opens(kOne));
  CHECK_FALSE(opens(kOne));
}

TEST(Admission, ARefusedConnectionCountsForNothing) {
  for (int i = 0; i < 3; ++i) CHECK(opens(kOne));
  for (int i = 0; i < 5; ++i) CHECK_FALSE(opens(kOne));
  admission.connection_closed(kOne);
  CHECK(opens(kOne));
  LONGS_EQUAL(5, admission.refused_connections());
}

TEST(Admission, ClosingWhatIsNotOpenIsHarmless) {
  admission.connection_closed(kOne);
  CHECK(opens(kOne));
  for (int i = 0; i < 3; ++i) admission.connection_closed(kOne);
  for (int i = 0; i < 3; ++i) CHECK(opens(kOne));
  CHECK_FALSE(opens(kOne));
}

TEST(Admission, AddressesWithoutConnectionsGiveTheirPlaceAway) {
  for (std::uint32_t address = 1; address <= 4; ++address) CHECK(opens(address));
  LONGS_EQUAL(4, admission.addresses().in_use);
  CHECK_FALSE(opens(5));
  admission.connection_closed(3);
  CHECK(opens(5));
  CHECK_FALSE(opens(3));
  LONGS_EQUAL(2, admission.refused_connections());
  LONGS_EQUAL(4, admission.addresses().high_water);
}

TEST(Admission, ThousandsOfAddressesOneAfterTheOtherAllComeIn) {
  for (std::uint32_t address = 1; address <= 5000; ++address) {
    CHECK(opens(address, address));
    admission.connection_closed(address);
  }
  LONGS_EQUAL(0, admission.refused_connections());
}

TEST(Admission, TheNextAddressInAPlaceHasABucketOfItsOwn) {
  for (std::uint32_t address = 1; address <= 4; ++address) CHECK(opens(address));
  LONGS_EQUAL(3, sessions(2, 0));
  admission.connection_closed(2);
  CHECK(opens(9));
  LONGS_EQUAL(3, sessions(9, 0));
}

// --- New sessions --------------------------------------------------------------------------------

TEST(Admission, ABurstIsAsLongAsTheConnectionsAllowed) {
  CHECK(opens(kOne));
  LONGS_EQUAL(3, sessions(kOne, 0));
  LONGS_EQUAL(1, admission.refused_sessions());
}

TEST(Admission, TheBucketFillsByTheMillisecond) {
  CHECK(opens(kOne));
  LONGS_EQUAL(3, sessions(kOne, 0));
  LONGS_EQUAL(0, sessions(kOne, 499));  // two a second: one in 500 ms
  LONGS_EQUAL(1, sessions(kOne, 500));
  LONGS_EQUAL(0, sessions(kOne, 999));
  LONGS_EQUAL(1, sessions(kOne, 1000));
  LONGS_EQUAL(2, sessions(kOne, 2000));
}

TEST(Admission, TheBucketIsNeverFullerThanABurst) {
  CHECK(opens(kOne));
  LONGS_EQUAL(3, sessions(kOne, 0));
  LONGS_EQUAL(3, sessions(kOne, 1500));
  LONGS_EQUAL(3, sessions(kOne, std::int64_t{1} << 40));
}

TEST(Admission, OftenAskingDoesNotSlowTheFilling) {
  CHECK(opens(kOne));
  LONGS_EQUAL(3, sessions(kOne, 0));
  int allowed = 0;
  for (int ms = 1; ms <= 10000; ++ms) allowed += admission.session_allowed(kOne, at(ms)) ? 1 : 0;
  LONGS_EQUAL(20, allowed);
}

TEST(Admission, AddressesHaveBucketsOfTheirOwn) {
  CHECK(opens(kOne));
  CHECK(opens(kTwo));
  LONGS_EQUAL(3, sessions(kOne, 0));
  LONGS_EQUAL(3, sessions(kTwo, 0));
}

TEST(Admission, ReconnectingDoesNotFillTheBucket) {
  CHECK(opens(kOne));
  LONGS_EQUAL(3, sessions(kOne, 0));
  for (int i = 0; i < 10; ++i) {
    admission.connection_closed(kOne);
    CHECK(opens(kOne, 100));
  }
  LONGS_EQUAL(0, sessions(kOne, 100));
}

TEST(Admission, WhoHasNoCountedConnectionIsNotCharged) {
  LONGS_EQUAL(100, sessions(kOne, 0));
}

// --- Origins -------------------------------------------------------------------------------------

TEST(Admission, WhatIsNoBrowserHasNoOrigin) {
  CHECK(admission.origin_allowed("", "box:8080"));
  CHECK(admission.origin_allowed("", ""));
}

TEST(Admission, TheBoxsOwnPagesMayCome) {
  CHECK(admission.origin_allowed("http://box:8080", "box:8080"));
  CHECK(admission.origin_allowed("https://box", "box"));
  LONGS_EQUAL(0, admission.refused_origins());
}

TEST(Admission, ForeignPagesMayNot) {
  for (const char* origin :
       {"http://box", "http://box:80801", "http://xbox:8080", "http://box:8080/", "ws://box:8080",
        "http:/box:8080", "box:8080", "null", "http://", "http://evil.example"}) {
    CHECK_FALSE_TEXT(admission.origin_allowed(origin, "box:8080"), origin);
  }
  LONGS_EQUAL(10, admission.refused_origins());
  CHECK_FALSE(admission.origin_allowed("http://box", ""));
}

TEST(Admission, ListedOriginsMayComeExactly) {
  admission.set_origins({"https://a.example", "http://b.example:81"});
  CHECK(admission.origin_allowed("https://a.example", "box"));
  CHECK(admission.origin_allowed("http://b.example:81", "box"));
  CHECK(admission.origin_allowed("http://box", "box"));
  for (const char* origin : {"http://a.example", "https://a.example:443", "https://x.a.example",
                             "https://a.example.evil", "http://b.example"}) {
    CHECK_FALSE_TEXT(admission.origin_allowed(origin, "box"), origin);
  }
}

TEST(Admission, AStarIsAnybody) {
  admission.set_origins({"*"});
  CHECK(admission.origin_allowed("http://evil.example", "box"));
  CHECK(admission.origin_allowed("null", "box"));
  admission.set_origins({});
  CHECK_FALSE(admission.origin_allowed("null", "box"));
}
