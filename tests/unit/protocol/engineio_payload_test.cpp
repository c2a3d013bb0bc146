#include <array>
#include <string>
#include <vector>

#include "protocol/engineio.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;
using Step = PayloadReader::Step;

namespace {

constexpr EngineIoPacket kText{EngineIoPacketType::message, false, "é😀"};
constexpr EngineIoPacket kBinary{EngineIoPacketType::message, true, "\x01\x02\x03\x04"sv};
constexpr EngineIoPacket kPing{EngineIoPacketType::ping, false, ""};

// Text "4é😀" and the bytes 1 2 3 4 as the stock server writes them.
constexpr std::string_view kStockV4 =
    "4é😀\x1e"
    "bAQIDBA==";
constexpr std::string_view kStockV3Text = "4:4é😀10:b4AQIDBA==";
constexpr std::string_view kStockV3Binary =
    "\x00\x07\xff\x34\xc3\xa9\xf0\x9f\x98\x80\x01\x05\xff\x04\x01\x02\x03\x04"sv;

/// All packets as `<type>[b]<data>;`, and how it ended: `$` at the end, `!` malformed.
std::string read(PayloadForm form, std::string_view payload) {
  std::string body(payload);
  std::string all;
  PayloadReader reader(form, body);
  for (;;) {
    EngineIoPacket packet;
    const Step step = reader.next(packet);
    if (step == Step::end) return all + "$";
    if (step == Step::malformed) return all + "!";
    all += static_cast<char>(packet.type);
    if (packet.binary) all += 'b';
    all.append(packet.data).append(";");
  }
}

struct Row {
  std::string_view payload;
  std::string_view packets;
};

void check_rows(PayloadForm form, std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    CHECK_EQUAL_TEXT(row.packets, std::string_view(read(form, row.payload)),
                     StringFrom(row.payload).asCharString());
  }
}

}  // namespace

TEST_GROUP(EngineIoPayload) {
  std::array<char, 256> out{};
  std::string_view write(PayloadForm form, const std::vector<EngineIoPacket>& packets) {
    PayloadWriter writer(form, out);
    for (const EngineIoPacket& packet : packets) CHECK(writer.add(packet));
    return writer.payload();
  }
};

TEST(EngineIoPayload, ReadsRevision4) {
  check_rows(PayloadForm::v4, {{kStockV4, "4é😀;4b\x01\x02\x03\x04;$"},
                               {"2probe", "2probe;$"},
                               {"4a\x1e"
                                "4b\x1e"
                                "2",
                                "4a;4b;2;$"},
                               {"", "!"},
                               {"\x1e", "!"},
                               {"4a\x1e", "4a;!"},
                               {"\x1e"
                                "4a",
                                "!"},
                               {"4a\x1e\x1e"
                                "4b",
                                "4a;!"},
                               {"4a\x1e"
                                "9",
                                "4a;!"},
                               {"abc", "!"},
                               {"4\xff", "!"},
                               {"bA", "!"}});
}

TEST(EngineIoPayload, ReadsRevision3Text) {
  check_rows(PayloadForm::v3_text, {{kStockV3Text, "4é😀;4b\x01\x02\x03\x04;$"},
                                    {"6:2probe", "2probe;$"},
                                    {"1:2", "2;$"},
                                    {"2:4:3:4:2", "4:;4:2;$"},
                                    {"3:4呼叫1:2", "4呼叫;2;$"},
                                    {"", "!"},
                                    {"0:", "!"},
                                    {":4a", "!"},
                                    {"2", "!"},
                                    {"2:", "!"},
                                    {"2:4", "!"},
                                    {"2:4ab", "4a;!"},
                                    {"-1:4", "!"},
                                    {"+2:4a", "!"},
                                    {"2.0:4a", "!"},
                                    {"a:4a", "!"},
                                    {"2:4😀", "!"},
                                    {"3:4😀1:9", "4😀;!"},
                                    {"99999999999999999999999999999999:4", "!"},
                                    {"18446744073709551618:4a", "!"},
                                    {"3:4\xff", "!"},
                                    {"2:4\x80", "!"}});
}

TEST(EngineIoPayload, ReadsRevision3Binary) {
  check_rows(PayloadForm::v3_binary,
             {{kStockV3Binary, "4é😀;4b\x01\x02\x03\x04;$"},
              {"\x00\x01\xff\x32"sv, "2;$"},
              {"\x00\x01\x00\xff\x34\x61\x62\x63\x64\x65\x66\x67\x68\x69"sv, "4abcdefghi;$"},
              {"", "!"},
              {"\x00"sv, "!"},
              {"\x00\xff"sv, "!"},
              {"\x00\x00\xff"sv, "!"},
              {"\x00\x02\xff\x34"sv, "!"},
              {"\x02\x01\xff\x34"sv, "!"},
              {"\x00\x0a\xff\x34"sv, "!"},
              {"\x00\x31\xff\x34"sv, "!"},
              {"\x00\x02\xff\x34\xff"sv, "!"},
              {"\x01\x01\xff\x32"sv, "!"},
              {"\x01\x02\xff\x04\x61\x00"sv, "4ba;!"},
              {"\x00\x09\x09\x09\x09\x09\x09\x09\x09\xff\x34"sv, "!"}});
}

TEST(EngineIoPayload, WritesAsTheStockServerDoes) {
  CHECK_EQUAL(kStockV4, write(PayloadForm::v4, {kText, kBinary}));
  CHECK_EQUAL(kStockV3Text, write(PayloadForm::v3_text, {kText, kBinary}));
  CHECK_EQUAL(kStockV3Binary, write(PayloadForm::v3_binary, {kText, kBinary}));
  CHECK_EQUAL("2"sv, write(PayloadForm::v4, {kPing}));
  CHECK_EQUAL("1:2"sv, write(PayloadForm::v3_text, {kPing}));
  CHECK_EQUAL("\x00\x01\xff\x32"sv, write(PayloadForm::v3_binary, {kPing}));
}

TEST(EngineIoPayload, ReadsWhatItWrites) {
  for (const PayloadForm form : {PayloadForm::v4, PayloadForm::v3_text, PayloadForm::v3_binary}) {
    CHECK_EQUAL("2;4b\x01\x02\x03\x04;4é😀;2;$"sv,
                std::string_view(read(form, write(form, {kPing, kBinary, kText, kPing}))));
  }
}

TEST(EngineIoPayload, LengthsOfManyDigitsComeBack) {
  const std::string long_text(1234, 'x');
  std::array<char, 2000> large{};
  for (const PayloadForm form : {PayloadForm::v3_text, PayloadForm::v3_binary}) {
    PayloadWriter writer(form, large);
    CHECK(writer.add({EngineIoPacketType::message, false, long_text}));
    CHECK_EQUAL(std::string_view("4" + long_text + ";$"),
                std::string_view(read(form, writer.payload())));
  }
}

TEST(EngineIoPayload, APacketThatDoesNotFitLeavesThePayloadAsItWas) {
  for (const PayloadForm form : {PayloadForm::v4, PayloadForm::v3_text, PayloadForm::v3_binary}) {
    const std::string two(write(form, {kPing, kBinary}));
    const std::size_t one_size = write(form, {kPing}).size();
    for (std::size_t size = one_size; size < two.size(); ++size) {
      std::vector<char> memory(size);
      PayloadWriter writer(form, memory);
      CHECK(writer.add(kPing));
      CHECK_FALSE(writer.add(kBinary));
      CHECK_EQUAL("2;$"sv, std::string_view(read(form, writer.payload())));
    }
    std::vector<char> memory(two.size());
    PayloadWriter writer(form, memory);
    CHECK(writer.add(kPing));
    CHECK(writer.add(kBinary));
    CHECK_EQUAL(std::string_view(two), writer.payload());
  }
}

TEST(EngineIoPayload, NothingFitsIntoNothing) {
  PayloadWriter writer(PayloadForm::v4, {});
  CHECK_FALSE(writer.add(kPing));
  CHECK_EQUAL(""sv, writer.payload());
}
