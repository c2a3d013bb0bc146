#include "terminal.h"

#include "terminal_wire.h"
#include "wire.h"

namespace bellhop::load {
namespace {

constexpr std::string_view kLogout = "\x03\xE8";  // close code 1000, RFC 6455 section 7.4.1

}  // namespace

Terminal::Terminal(Loop& loop, int port, std::size_t index, std::string_view token,
                   TerminalSink& sink)
    : WebSocketClient(loop, port, "/ws?token=" + std::string(token), static_cast<unsigned>(index)),
      sink_(sink),
      user_(std::to_string(index + 1)),
      index_(index) {}

Terminal::~Terminal() {
  send_farewell(client_frame(kCloseFrame, kLogout, kMask));
}

void Terminal::send_event(std::string_view receiver, std::uint64_t number) const {
  send_bytes(client_frame(kTextFrame, event_frame(user_, receiver, number), kMask));
}

void Terminal::on_text(std::string_view text) {
  switch (terminal_text(text)) {
    case TerminalText::event:
      sink_.on_event(index_, text);
      break;
    case TerminalText::receipt:
      sink_.on_receipt(index_, text);
      break;
    case TerminalText::online_list:
      listed_ = listed_users(text);
      break;
    case TerminalText::unknown:
      die("unexpected text for a terminal: " + std::string(text.substr(0, 300)));
  }
}

}  // namespace bellhop::load
