#include "member.h"

#include "wire.h"

namespace bellhop::load {
namespace {

constexpr std::string_view kTarget = "/socket.io/?EIO=4&transport=websocket";

}  // namespace

Member::Member(Loop& loop, int port, Goal goal, unsigned source_index, Audience* audience)
    : WebSocketClient(loop, port, std::string(kTarget), source_index),
      audience_(audience),
      goal_(goal) {}

void Member::on_open() {
  state_ = State::opening;
}

void Member::on_text(std::string_view packet) {
  const bool is_downmsg = packet.starts_with("42[\"downmsg\"");
  if (packet == "2") {
    send_text("3");
  } else if (state_ == State::opening && packet.starts_with("0{")) {
    send_text("40");
    state_ = State::entering;
  } else if (state_ == State::entering && packet.starts_with("40")) {
    if (goal_ == Goal::connected) {
      state_ = State::ready;
      return;
    }
    send_text("42[\"loginRoom\",{\"id\":\"" + std::string(kRoom) +
              "\",\"type\":\"loginWhenever\"}]");
    state_ = State::joining;
  } else if (is_downmsg && packet.find("\"2001\"") != std::string_view::npos) {
    return;  // the greeting; it may come before or after our own loginRoom was sent
  } else if (state_ == State::joining && is_downmsg &&
             packet.find("\"2002\"") != std::string_view::npos) {
    state_ = State::ready;
  } else if (state_ == State::ready && audience_ != nullptr) {
    ++events_;
    audience_->on_event(*this, packet);
  } else {
    die("unexpected packet: " + std::string(packet.substr(0, 120)));
  }
}

void Member::send_text(std::string_view text) {
  send_bytes(client_frame(kTextFrame, text));
}

}  // namespace bellhop::load
