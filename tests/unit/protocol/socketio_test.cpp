#include "protocol/socketio.h"

#include <array>

#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;
using Type = SocketIoPacketType;

namespace {

/// A packet as one line: type attachments nsp id json.
std::string line_of(const SocketIoPacket& packet) {
  std::string line = {static_cast<char>(packet.type), ' '};
  line += std::to_string(packet.attachments) + ' ';
  line.append(packet.nsp).append(" ");
  line += packet.ack_id ? std::to_string(*packet.ack_id) : "-";
  return line.append(" ").append(packet.json);
}

std::string decode(std::string_view text) {
  const auto packet = socketio_decode(text, 16);
  return packet ? line_of(*packet) : "refused";
}

struct Row {
  std::string_view text;
  std::string_view packet;
};

constexpr Row kGood[] = {
    {"0", "0 0 / - "},
    {"0{}", "0 0 / - {}"},
    {R"(0{"token":"t"})", R"(0 0 / - {"token":"t"})"},
    {"0/ward", "0 0 /ward - "},
    {"0/ward,", "0 0 /ward - "},
    {R"(0/ward,{"a":1})", R"(0 0 /ward - {"a":1})"},
    {"0/ward?token=a%2Cb", "0 0 /ward - "},
    {"0/ward?token=a,{}", "0 0 /ward - {}"},
    {"0/?a=b,", "0 0 / - "},
    {"1", "1 0 / - "},
    {"1/ward,", "1 0 /ward - "},
    {R"(2["ev"])", R"(2 0 / - ["ev"])"},
    {R"(2[ "ev" , 1 ])", R"(2 0 / - [ "ev" , 1 ])"},
    {R"(2/ward,["ev",{"a":1.0}])", R"(2 0 /ward - ["ev",{"a":1.0}])"},
    {R"(212["ev"])", R"(2 0 / 12 ["ev"])"},
    {R"(2/ward,0["ev"])", R"(2 0 /ward 0 ["ev"])"},
    {R"(218446744073709551615["ev"])", R"(2 0 / 18446744073709551615 ["ev"])"},
    {"2[1]", "2 0 / - [1]"},
    {"2[-1,2]", "2 0 / - [-1,2]"},
    {R"(2[""])", R"(2 0 / - [""])"},
    {R"(2["connected"])", R"(2 0 / - ["connected"])"},
    {R"(2["ping"])", R"(2 0 / - ["ping"])"},
    {R"(2["error"])", R"(2 0 / - ["error"])"},
    {"2", "2 0 / - "},
    {"2/ward,5", "2 0 /ward 5 "},
    {"31[]", "3 0 / 1 []"},
    {"3/ward,7[1]", "3 0 /ward 7 [1]"},
    {"31", "3 0 / 1 "},
    {"3[]", "3 0 / - []"},
    {R"(4{"message":"no"})", R"(4 0 / - {"message":"no"})"},
    {R"(4/ward,"no")", R"(4 0 /ward - "no")"},
    {R"(51-["ev",{"_placeholder":true,"num":0}])",
     R"(5 1 / - ["ev",{"_placeholder":true,"num":0}])"},
    {R"(510-/ward,3["ev"])", R"(5 10 /ward 3 ["ev"])"},
    {"61-2[1]", "6 1 / 2 [1]"},
    {R"(62-/a,2["connect"])", R"(6 2 /a 2 ["connect"])"},
};

constexpr std::string_view kBad[] = {
    "",
    "7",
    "a",
    " 0",
    "-1",
    "9[]",
    "\x00"sv,
    // What each type may not carry.
    "0[]",
    "0null",
    "0\"a\"",
    "0true",
    "0/a,[]",
    "1{}",
    "1[]",
    "1null",
    "1/a,{}",
    "2{}",
    "2null",
    "2\"a\"",
    "2[]",
    "2[null]",
    "2[true]",
    "2[[]]",
    "2[{}]",
    "2[[\"ev\"]]",
    "3{}",
    "31null",
    "31\"a\"",
    "4",
    "4[]",
    "4null",
    "4true",
    "51-",
    "51-[]",
    "51-{}",
    "51-[null]",
    "61-",
    "61-{}",
    "61-2{}",
    // Reserved by the stock parsers, however it is spelt.
    R"(2["connect"])",
    R"(2["connect_error"])",
    R"(2["disconnect"])",
    R"(2["disconnecting"])",
    R"(2["newListener"])",
    R"(2["removeListener"])",
    R"(2["c\u006fnnect"])",
    R"(51-["disconnect"])",
    R"(2/a,1[ "connect" ,1])",
    // Attachments.
    R"(5["ev"])",
    R"(5-["ev"])",
    R"(50-["ev"])",
    R"(511-["ev"])",
    R"(5300-["ev"])",
    R"(51["ev"])",
    R"(5a-["ev"])",
    R"(5-1-["ev"])",
    R"(51.0-["ev"])",
    "5",
    "51",
    "6",
    "6[]",
    R"(2 1-["ev"])",
    R"(599999999999999999999-["ev"])",
    R"(5+1-["ev"])",
    R"(5 1-["ev"])",
    // Namespaces.
    "0/\xff",
    "0/a\x1e,",
    "0/\xc3,{}",
    "0/\x01?a",
    "2/a\n,[\"ev\"]",
    // Ack ids.
    R"(218446744073709551616["ev"])",
    R"(2-1["ev"])",
    R"(21.5["ev"])",
    R"(21e5["ev"])",
    // JSON.
    R"(2["ev")",
    R"(2["ev"]])",
    R"(2["ev",])",
    R"(2['ev'])",
    R"(2["ev"]x)",
    "2x",
    "0{",
    "0{a:1}",
    R"(0/a,{"b":1)",
    "31[",
    "2[\"ev\",\"\xff\"]",
    "2[\"ev\",\"\n\"]",
    R"(2["\ud800"])",
    "2,[\"ev\"]",
    "2[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
};

struct HeaderRow {
  SocketIoPacket packet;
  std::string_view header;
};

constexpr HeaderRow kHeaders[] = {
    {{.type = Type::connect}, "40"},
    {{.type = Type::connect, .nsp = "/ward"}, "40/ward,"},
    {{.type = Type::disconnect}, "41"},
    {{.type = Type::event}, "42"},
    {{.type = Type::event, .ack_id = 0}, "420"},
    {{.type = Type::event, .nsp = "/ward", .ack_id = 12}, "42/ward,12"},
    {{.type = Type::ack, .ack_id = 18446744073709551615ULL}, "4318446744073709551615"},
    {{.type = Type::connect_error, .nsp = "/x"}, "44/x,"},
    {{.type = Type::binary_event, .attachments = 1}, "451-"},
    {{.type = Type::binary_ack, .attachments = 10, .nsp = "/ward", .ack_id = 3}, "4610-/ward,3"},
};

}  // namespace

TEST_GROUP(SocketIo){};

TEST(SocketIo, DecodesGoodPackets) {
  for (const Row& row : kGood) {
    CHECK_EQUAL_TEXT(row.packet, std::string_view(decode(row.text)),
                     StringFrom(row.text).asCharString());
  }
}

TEST(SocketIo, RefusesBadPackets) {
  for (const std::string_view text : kBad) {
    CHECK_EQUAL_TEXT("refused"sv, std::string_view(decode(text)), StringFrom(text).asCharString());
  }
}

TEST(SocketIo, ANamespaceEndsAtItsComma) {
  CHECK_EQUAL("0 0 /a{\"b\":1} - "sv, std::string_view(decode("0/a{\"b\":1}")));
  CHECK_EQUAL("2 0 /a - [\"x,y\"]"sv, std::string_view(decode("2/a,[\"x,y\"]")));
}

TEST(SocketIo, NestingIsTheCallersChoice) {
  CHECK(socketio_decode("2[\"ev\",[[]]]", 3).has_value());
  CHECK_FALSE(socketio_decode("2[\"ev\",[[]]]", 2).has_value());
}

TEST(SocketIo, KnowsTheNamesNoServerMayEmit) {
  for (const std::string_view name :
       {"connect"sv, "connect_error"sv, "connect_timeout"sv, "connecting"sv, "disconnect"sv,
        "disconnecting"sv, "error"sv, "newListener"sv, "ping"sv, "pong"sv, "reconnect"sv,
        "reconnect_attempt"sv, "reconnect_error"sv, "reconnect_failed"sv, "reconnecting"sv,
        "removeListener"sv}) {
    CHECK_TEXT(socketio_event_reserved(name), StringFrom(name).asCharString());
  }
  for (const std::string_view name : {""sv, "test"sv, "downmsg"sv, "Connect"sv, "connect "sv,
                                      "message"sv, "reconnected"sv, "connec"sv, "connected"sv}) {
    CHECK_FALSE_TEXT(socketio_event_reserved(name), StringFrom(name).asCharString());
  }
}

TEST(SocketIo, WritesHeaders) {
  for (const HeaderRow& row : kHeaders) {
    std::array<char, 64> out{};
    CHECK_EQUAL(row.header, socketio_write_header(row.packet, out).value_or("refused"));
  }
}

TEST(SocketIo, RefusesAHeaderThatDoesNotFit) {
  for (const HeaderRow& row : kHeaders) {
    std::array<char, 64> out{};
    const std::span<char> exact(out.data(), row.header.size());
    CHECK(socketio_write_header(row.packet, exact).has_value());
    CHECK_FALSE(socketio_write_header(row.packet, exact.first(exact.size() - 1)).has_value());
  }
}

TEST(SocketIo, HeadersDecodeBackToWhatTheyWere) {
  for (const Row& row : kGood) {
    const auto packet = socketio_decode(row.text, 16);
    std::array<char, 64> out{};
    const auto header = socketio_write_header(*packet, out);
    const std::string again = std::string(*header).substr(1).append(packet->json);
    CHECK_EQUAL(row.packet, std::string_view(decode(again)));
  }
}
