#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "adapter/bearers.h"
#include "gateway/switchboard.h"
#include "platform/clock.h"
#include "session/terminal_server.h"

namespace bellhop {

/// Turns what call terminals send into the switchboard's commands.
class TerminalAdapter final : public TerminalHandler {
 public:
  TerminalAdapter(Switchboard& switchboard, Bearers& bearers, SessionTable& sessions, Clock& clock,
                  unsigned max_json_depth)
      : switchboard_(switchboard),
        bearers_(bearers),
        sessions_(sessions),
        clock_(clock),
        max_json_depth_(max_json_depth) {}

  [[nodiscard]] std::optional<HttpAnswer> on_admission(SessionId session, std::string_view token,
                                                       Instant now) override;
  void on_open(SessionId session, Instant now) override;
  void on_text(SessionId session, std::string_view text, Instant now) override;
  void on_binary(SessionId session) override;
  void on_too_big(SessionId session) override;
  void on_ended(SessionId session, CloseReason reason) override;

 private:
  [[nodiscard]] Moment moment(Instant now) { return {now, clock_.wall_now()}; }

  Switchboard& switchboard_;
  Bearers& bearers_;
  SessionTable& sessions_;
  Clock& clock_;
  unsigned max_json_depth_;
  TerminalScratch scratch_{};
  std::array<char, 256> refusal_{};
};

}  // namespace bellhop
