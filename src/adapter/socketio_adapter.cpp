#include "adapter/socketio_adapter.h"

#include <array>

#include "protocol/json.h"

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

std::optional<std::string_view> SocketIoAdapter::on_connecting(Socket, std::string_view) {
  return std::nullopt;
}

void SocketIoAdapter::on_connected(Socket socket, std::string_view, Instant) {
  gateway_.connected(socket.session);
}

void SocketIoAdapter::on_disconnected(Socket socket) {
  gateway_.disconnected(socket.session);
}

void SocketIoAdapter::on_event(Socket socket, const SocketIoEvent& event, Instant) {
  const Origin origin = {socket.session, event.ack_id};
  RoomArguments arguments;
  if (event.name_literal == R"("loginRoom")") {
    decode_arguments(event.arguments, arguments);
    gateway_.login_room(origin, arguments.request, clock_.wall_now());
  } else if (event.name_literal == R"("logoutRoom")") {
    decode_arguments(event.arguments, arguments);
    gateway_.logout_room(origin, arguments.request.id);
  }
}

}  // namespace bellhop
