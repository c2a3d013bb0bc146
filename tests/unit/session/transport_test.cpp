#include "session/transport.h"

#include <string>

#include "support/engineio_rig.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr ConnectionId kLine = connection(4);

}  // namespace

TEST_GROUP(Transport) {
  SessionRig rig;
  Outbox outbox;

  void push(std::string_view text) {
    const FrameRef one = rig.frame(text);
    CHECK(outbox.push(rig.frames, one));
    rig.frames.release(one);
  }
};

TEST(Transport, EveryReasonHasItsCloseCode) {
  const struct {
    CloseReason reason;
    int code;
  } rows[] = {{CloseReason::client_closed, 1000},   {CloseReason::connection_lost, 1000},
              {CloseReason::ping_timeout, 1001},    {CloseReason::protocol_error, 1002},
              {CloseReason::message_too_big, 1009}, {CloseReason::slow_reader, 1013},
              {CloseReason::flooding, 1008},        {CloseReason::connect_timeout, 1000},
              {CloseReason::out_of_memory, 1013},   {CloseReason::token_ended, 1008},
              {CloseReason::refused, 1000},         {CloseReason::shutdown, 1001}};
  static_assert(sizeof rows / sizeof *rows == kCloseReasons);
  for (const auto& row : rows) {
    LONGS_EQUAL_TEXT(row.code, static_cast<int>(websocket_close_code(row.reason)),
                     std::string(close_reason_name(row.reason)).c_str());
  }
}

TEST(Transport, WhatIsQueuedLeavesInOneWriteAndIsFreed) {
  for (const std::string_view text : {"a", "bb", "ccc"}) push(text);
  write_queued(rig.edge, kLine, rig.frames, outbox, 2);
  CHECK_EQUAL("a|bb"sv, std::string_view(rig.edge.take_written(kLine)));
  LONGS_EQUAL(1, rig.edge.writes);
  LONGS_EQUAL(1, outbox.size());
  LONGS_EQUAL(1, rig.frames_in_use());
  write_queued(rig.edge, kLine, rig.frames, outbox, 1);
  CHECK_EQUAL("ccc"sv, std::string_view(rig.edge.take_written(kLine)));
  LONGS_EQUAL(0, rig.frames_in_use());
}

TEST(Transport, AFullQueueLeavesInOneWrite) {
  for (std::size_t i = 0; i < Outbox::kCapacity; ++i) push("x");
  write_queued(rig.edge, kLine, rig.frames, outbox, Outbox::kCapacity);
  LONGS_EQUAL(1, rig.edge.writes);
  CHECK(outbox.empty());
}
