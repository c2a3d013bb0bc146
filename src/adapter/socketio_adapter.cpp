#include "adapter/socketio_adapter.h"

#include <array>

#include "protocol/json.h"
#include "protocol/terminal.h"

namespace bellhop {
namespace {

/// Longer than any id or rule may be: what does not fit is judged as what it is, too long.
using TextScratch = std::array<char, 1024>;

/// A room id as pages send it: a string, or a number taken by its digits.
std::optional<std::string_view> decode_id(std::string_view value, TextScratch& scratch) {
  if (json_type(value) == JsonType::number) return value;
  if (json_type(value) != JsonType::string) return std::nullopt;
  return json_decode_string(value, scratch).value_or(value);
}

std::string_view decode_rule(std::string_view value, TextScratch& scratch) {
  if (json_type(value) == JsonType::null) return LoginRoom{}.rule;
  if (json_type(value) != JsonType::string) return "?";
  return json_decode_string(value, scratch).value_or("?");
}

/// A token as pages send it; what is no string or too long is no good token either.
std::string_view decode_token(std::string_view value, std::span<char> scratch) {
  if (json_type(value) != JsonType::string) return value;
  return json_decode_string(value, scratch).value_or(value);
}

struct RoomArguments {
  LoginRoom request;
  TextScratch id;
  TextScratch rule;
};

/// `{"id":"456","type":"loginWhenFirst"}`, `"456","loginWhenFirst"` or `"456"`.
void decode_arguments(std::string_view arguments, RoomArguments& out) {
  std::string_view rest = arguments;
  const auto next = [&rest]() -> std::optional<std::string_view> {
    std::size_t end = 0;
    if (rest.empty() || json_check_prefix(rest, 64, end)) return std::nullopt;
    const std::string_view value = json_trim(rest.substr(0, end));
    rest = json_trim(rest.substr(end));
    if (rest.starts_with(',')) rest = json_trim(rest.substr(1));
    return value;
  };
  const auto first = next();
  if (!first) return;
  if (json_type(*first) == JsonType::object) {
    if (const auto id = json_find(*first, "id")) out.request.id = decode_id(*id, out.id);
    if (const auto rule = json_find(*first, "type")) {
      out.request.rule = decode_rule(*rule, out.rule);
    }
    return;
  }
  out.request.id = decode_id(*first, out.id);
  if (const auto rule = next()) out.request.rule = decode_rule(*rule, out.rule);
}

}  // namespace

void SocketIoAdapter::on_handshake(SessionId session, std::string_view token, Instant) {
  bearers_.forget(session);
  if (!token.empty()) static_cast<void>(bearers_.present(session, token));
}

std::optional<std::string_view> SocketIoAdapter::on_connecting(Socket socket, std::string_view auth,
                                                               Instant) {
  const auto token = auth.empty() ? std::nullopt : json_find(auth, "token");
  if (token && *token != "null" && *token != R"("")") {
    std::array<char, kTokenBytes + 1> text;
    static_cast<void>(bearers_.present(socket.session, decode_token(*token, text)));
  }
  const TokenVerdict verdict = bearers_.verdict(socket.session);
  JsonWriter out(refusal_);
  if (verdict != TokenVerdict::good && verdict != TokenVerdict::missing) {
    const std::string_view word = token_verdict_name(verdict);
    out.raw(R"({"message":"token: )").raw(word).raw(R"(","data":{"code":")").raw(word).raw("\"}}");
    return out.text();
  }
  const Passport* passport = bearers_.passport(socket.session);
  if (passport == nullptr || switchboard_.has_room(passport->user.view())) return std::nullopt;
  return R"({"message":"the table of users is full","data":{"code":"overloaded"}})";
}

void SocketIoAdapter::on_connected(Socket socket, std::string_view, Instant now) {
  gateway_.connected(socket.session);
  const Passport* passport = bearers_.passport(socket.session);
  if (passport == nullptr) return;
  const bool in = switchboard_.sign_in(socket.session, passport->user.view(), passport->name.view(),
                                       moment(now));
  if (!in) sessions_.close(socket.session, CloseReason::out_of_memory);
}

void SocketIoAdapter::on_disconnected(Socket socket, bool goodbye) {
  gateway_.disconnected(socket.session);
  switchboard_.sign_out(socket.session, goodbye ? Farewell::logout : Farewell::lost,
                        moment(clock_.now()));
}

void SocketIoAdapter::on_event(Socket socket, const SocketIoEvent& event, Instant now) {
  const Origin origin = {socket.session, event.ack_id};
  RoomArguments arguments;
  if (event.name_literal == R"("loginRoom")") {
    decode_arguments(event.arguments, arguments);
    gateway_.login_room(origin, arguments.request, clock_.wall_now());
  } else if (event.name_literal == R"("logoutRoom")") {
    decode_arguments(event.arguments, arguments);
    gateway_.logout_room(origin, arguments.request.id);
  } else if (event.name_literal == R"("Event")") {
    on_frame(origin, event.arguments, now);
  }
}

void SocketIoAdapter::on_frame(const Origin& origin, std::string_view arguments, Instant now) {
  if (!switchboard_.signed_in(origin.session)) {
    return switchboard_.complain(origin, terminal_fault::kNoToken);
  }
  TerminalEvent event;
  if (const auto fault = terminal_parse(arguments, max_json_depth_, event, scratch_)) {
    return switchboard_.complain(origin, *fault);
  }
  switchboard_.relay(origin, event, moment(now));
}

}  // namespace bellhop
