#include "protocol/engineio.h"

#include <array>
#include <string>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr EngineIoRevision kBoth[] = {EngineIoRevision::v3, EngineIoRevision::v4};

}  // namespace

TEST_GROUP(EngineIo){};

TEST(EngineIo, DecodesEveryTypeOfText) {
  for (const EngineIoRevision revision : kBoth) {
    for (char type = '0'; type <= '6'; ++type) {
      std::string text = {type, 'a', 'b'};
      const auto packet = engineio_decode_text(revision, text);
      CHECK(packet.has_value());
      LONGS_EQUAL(type, static_cast<char>(packet->type));
      CHECK_FALSE(packet->binary);
      CHECK_EQUAL("ab"sv, packet->data);
    }
  }
}

TEST(EngineIo, DataMayBeEmpty) {
  std::string text = "2";
  CHECK_EQUAL(""sv, engineio_decode_text(EngineIoRevision::v4, text)->data);
}

TEST(EngineIo, RefusesUnknownTextTypes) {
  for (const EngineIoRevision revision : kBoth) {
    for (const std::string_view bad : {""sv, "7"sv, "9x"sv, "a"sv, "/"sv, "\x04"sv, "\0"sv, "B"sv,
                                       " 4"sv, "4\xff"sv, "2\xc3"sv, "4\xed\xa0\x80"sv}) {
      std::string text(bad);
      CHECK_TEXT(!engineio_decode_text(revision, text), StringFrom(bad).asCharString());
    }
  }
}

TEST(EngineIo, DecodesBase64MessagesOfBothRevisions) {
  std::string v4 = "bAQIDBA==";
  const auto packet4 = engineio_decode_text(EngineIoRevision::v4, v4);
  CHECK(packet4 && packet4->binary && packet4->type == EngineIoPacketType::message);
  CHECK_EQUAL("\x01\x02\x03\x04"sv, packet4->data);
  std::string v3 = "b4AQIDBA==";
  const auto packet3 = engineio_decode_text(EngineIoRevision::v3, v3);
  CHECK(packet3 && packet3->binary && packet3->type == EngineIoPacketType::message);
  CHECK_EQUAL("\x01\x02\x03\x04"sv, packet3->data);
}

TEST(EngineIo, RefusesBadBase64AndOtherBinaryTypes) {
  for (const std::string_view bad : {"b"sv, "b2AQID"sv, "b4AQI!"sv, "b4A"sv, "bAQID"sv}) {
    std::string text(bad);
    CHECK_TEXT(!engineio_decode_text(EngineIoRevision::v3, text), StringFrom(bad).asCharString());
  }
  for (const std::string_view bad : {"bA"sv, "bAQI!"sv, "b===="sv}) {
    std::string text(bad);
    CHECK_TEXT(!engineio_decode_text(EngineIoRevision::v4, text), StringFrom(bad).asCharString());
  }
}

TEST(EngineIo, BinaryFramesOfRevision4AreTheDataAlone) {
  const auto packet = engineio_decode_binary(EngineIoRevision::v4, "\x04\x05"sv);
  CHECK(packet && packet->binary && packet->type == EngineIoPacketType::message);
  CHECK_EQUAL("\x04\x05"sv, packet->data);
  CHECK_EQUAL(""sv, engineio_decode_binary(EngineIoRevision::v4, "")->data);
}

TEST(EngineIo, BinaryFramesOfRevision3HaveATypeByte) {
  const auto packet = engineio_decode_binary(EngineIoRevision::v3, "\x04\x05"sv);
  CHECK(packet && packet->binary && packet->type == EngineIoPacketType::message);
  CHECK_EQUAL("\x05"sv, packet->data);
  CHECK_FALSE(engineio_decode_binary(EngineIoRevision::v3, "").has_value());
  CHECK_FALSE(engineio_decode_binary(EngineIoRevision::v3, "\x02").has_value());
  CHECK_FALSE(engineio_decode_binary(EngineIoRevision::v3, "4ab").has_value());
}

TEST(EngineIo, WritesTheHandshake) {
  std::array<char, 256> out{};
  const EngineIoHandshake handshake{"aB3_-", true, 25000, 20000, 1000000};
  CHECK_EQUAL(
      R"({"sid":"aB3_-","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})"sv,
      engineio_write_handshake(handshake, out).value_or("refused"));
}

TEST(EngineIo, TheHandshakeOverWebSocketOffersNoUpgrade) {
  std::array<char, 256> out{};
  const EngineIoHandshake handshake{"s", false, 300, 200, 65536};
  CHECK_EQUAL(
      R"({"sid":"s","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":65536})"sv,
      engineio_write_handshake(handshake, out).value_or("refused"));
}

TEST(EngineIo, AHandshakeThatDoesNotFitIsRefused) {
  std::array<char, 40> out{};
  CHECK_FALSE(engineio_write_handshake({"s", true, 1, 1, 1}, out).has_value());
}
