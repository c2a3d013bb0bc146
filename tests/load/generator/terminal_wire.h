#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The JSON texts of call terminals. What a server says is taken apart by searching: the members may
// come in any order, but are written without spaces. No Message here contains the names sought.
namespace bellhop::load {

inline constexpr std::size_t kMessageBytes = 200;  // length of `Message`

enum class TerminalText { online_list, event, receipt, unknown };
TerminalText terminal_text(std::string_view text);

// What user `sender` sends to `receiver`: message `number` (ten digits), SendTime left to the
// server.
std::string event_frame(std::string_view sender, std::string_view receiver, std::uint64_t number);

// Whether `text` is that frame as it must arrive: Message byte for byte, both users, a SendTime.
bool is_delivery(std::string_view text, std::string_view sender, std::string_view receiver,
                 std::uint64_t number);

// Whether `text` says that a frame to `receiver` went to one terminal.
bool is_receipt(std::string_view text, std::string_view receiver);

// How many users an online list names.
std::size_t listed_users(std::string_view text);

}  // namespace bellhop::load
