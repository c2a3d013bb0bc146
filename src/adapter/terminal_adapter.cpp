#include "adapter/terminal_adapter.h"

#include "protocol/json.h"
#include "protocol/terminal.h"

namespace bellhop {
namespace {

constexpr HttpAnswer kNoRoom = {
    503, "application/json",
    R"({"error":{"code":"overloaded","message":"the table of users is full"}})",
    "Retry-After: 1\r\n"};

/// Whether an end is one that the user wanted, or may come back from.
Farewell farewell(CloseReason reason) {
  const bool wanted = reason == CloseReason::client_closed || reason == CloseReason::token_ended;
  return wanted ? Farewell::logout : Farewell::lost;
}

}  // namespace

std::optional<HttpAnswer> TerminalAdapter::on_admission(SessionId session, std::string_view token,
                                                        Instant) {
  const TokenVerdict verdict = bearers_.present(session, token);
  if (verdict == TokenVerdict::good) {
    if (switchboard_.has_room(bearers_.passport(session)->user.view())) return std::nullopt;
    bearers_.forget(session);
    return kNoRoom;
  }
  bearers_.forget(session);
  JsonWriter out(refusal_);
  out.raw(R"({"error":{"code":"unauthorised","message":"token: )");
  out.raw(token_verdict_name(verdict)).raw("\"}}");
  return HttpAnswer{401, "application/json", out.text(), kBearerChallenge};
}

void TerminalAdapter::on_open(SessionId session, Instant now) {
  const Passport& passport = *bearers_.passport(session);
  if (switchboard_.sign_in(session, passport.user.view(), passport.name.view(), moment(now))) {
    return;
  }
  sessions_.close(session, CloseReason::out_of_memory);
}

void TerminalAdapter::on_text(SessionId session, std::string_view text, Instant now) {
  if (text == kHeartCheck) return switchboard_.heart_check(session, moment(now));
  TerminalEvent event;
  if (const auto fault = terminal_parse(text, max_json_depth_, event, scratch_)) {
    return switchboard_.complain({session, {}}, *fault);
  }
  switchboard_.relay({session, {}}, event, moment(now));
}

void TerminalAdapter::on_binary(SessionId session) {
  switchboard_.complain({session, {}}, terminal_fault::kBinary);
}

void TerminalAdapter::on_too_big(SessionId session) {
  switchboard_.complain({session, {}}, terminal_fault::kTooLarge);
}

void TerminalAdapter::on_ended(SessionId session, CloseReason reason) {
  switchboard_.sign_out(session, farewell(reason), moment(clock_.now()));
  bearers_.forget(session);
}

}  // namespace bellhop
