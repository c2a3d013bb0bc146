#pragma once
// Frames of call terminals (contract section 3): JSON objects in text messages of a raw WebSocket.
// Pure: a frame is taken apart here and judged by the rules.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/user.h"

namespace bellhop {

inline constexpr std::size_t kEventNameBytes = 64;  ///< longest Message.Event

/// Memory for texts that had escapes; belongs to the caller, as long as the frame is looked at.
struct TerminalScratch {
  std::array<char, kUserIdBytes> sender;
  std::array<char, kUserIdBytes> receiver;
  std::array<char, kEventNameBytes> event;
};

/// A frame of Type `Event`: all that terminals send each other. Views point into the text or the
/// scratch memory.
struct TerminalEvent {
  std::optional<std::string_view> sender;  ///< nullopt: left to the gateway (absent, null, "")
  std::string_view receiver;               ///< never empty
  std::string_view send_time_literal;      ///< with its quotes; empty: left to the gateway
  std::optional<std::uint64_t> id;         ///< the call it belongs to, when it names one
  std::string_view event;                  ///< Message.Event, decoded
  std::string_view event_literal;          ///< the same as it was written
  std::string_view message;                ///< the raw object
  bool has_data = false;                   ///< Message.Data is there and not null
};

/// What is wrong with a frame: `code` for programs, `reason` for people. Static text.
struct TerminalFault {
  std::string_view code;
  std::string_view reason;
  std::optional<std::size_t> offset;  ///< byte where the JSON breaks
};

namespace terminal_fault {
inline constexpr TerminalFault kBinary = {"binary", "frames are text", {}};
inline constexpr TerminalFault kNoToken = {"unauthorised", "this page has shown no token", {}};
inline constexpr TerminalFault kTooLarge = {
    "too_large", "the frame is longer than limits.message_bytes", {}};
}  // namespace terminal_fault

/// The words that ask for a heartbeat; no JSON, as the seed's pages send them.
inline constexpr std::string_view kHeartCheck = "heart check";

/// Takes one frame apart. Ids may be strings or whole numbers, which count by their digits; of a
/// member that occurs twice the last one counts, as with JSON.parse. nullopt: good.
[[nodiscard]] std::optional<TerminalFault> terminal_parse(std::string_view text, unsigned max_depth,
                                                          TerminalEvent& event,
                                                          TerminalScratch& scratch);

/// A Message as others get it: byte for byte, and where it has no Data, `"Data":{}` at its end,
/// since the seed's pages read Message.Data.type of every event.
[[nodiscard]] std::array<std::string_view, 2> terminal_message(const TerminalEvent& event);

}  // namespace bellhop
