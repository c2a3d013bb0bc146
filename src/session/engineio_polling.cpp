// The HTTP long-polling half of EngineIoServer.
#include <algorithm>
#include <utility>

#include "session/engineio_answers.h"
#include "session/engineio_server.h"

namespace bellhop {
namespace {

/// python-engineio drops a connection whose poll answer holds more.
constexpr std::size_t kMaxPacketsPerPoll = 16;

}  // namespace

std::optional<HttpAnswer> EngineIoServer::check_query(const EngineIoQuery& query) const {
  if (query.transport != "polling" && query.transport != "websocket") {
    return engineio_answer::kTransportUnknown;
  }
  if (!query.sid.empty()) {
    const SessionId session = find(query.sid);
    if (!session) return engineio_answer::kSessionUnknown;
    const bool v3 = revision(session) == EngineIoRevision::v3;
    if (!query.eio.empty() && query.eio != (v3 ? "3" : "4")) return engineio_answer::kBadRequest;
  }
  return std::nullopt;
}

EngineIoServer::Reaction EngineIoServer::request(const Request& request, Instant now) {
  const EngineIoQuery& query = request.query;
  if (const auto error = check_query(query)) return {Next::answer, *error, {}};
  if (query.sid.empty()) {
    if (request.method != EngineIoMethod::get) {
      return {Next::answer, engineio_answer::kBadMethod, {}};
    }
    if (query.transport == "websocket") return {Next::answer, engineio_answer::kBadRequest, {}};
    return open_polling(request, now);
  }
  const SessionId session = find(query.sid);
  if (query.transport == "websocket" || over_websocket(session)) {
    return {Next::answer, engineio_answer::kBadRequest, {}};
  }
  if (request.method == EngineIoMethod::get) return get(session, request, now);
  if (request.method == EngineIoMethod::post) return post(session, request);
  return {Next::answer, engineio_answer::kMethodNotAllowed, {}};
}

EngineIoServer::Reaction EngineIoServer::open_polling(const Request& request, Instant now) {
  const EngineIoQuery& query = request.query;
  if (query.eio != "3" && query.eio != "4")
    return {Next::answer, engineio_answer::kBadRevision, {}};
  const SessionId session = open(query, now);
  if (!session) return {Next::answer, engineio_answer::kTableFull, {}};
  note_jsonp(session, query);
  state(session).opened = true;
  handler_.on_open(session, now);  // may compose other sessions' answers, in the same buffer
  return {Next::answer, poll_answer(session, EngineIoPacketType::open, handshake(session, true)),
          session};
}

void EngineIoServer::note_jsonp(SessionId session, const EngineIoQuery& query) {
  State& state = this->state(session);
  if (state.revision != EngineIoRevision::v3 || query.jsonp.empty()) return;
  // The digits of it, wherever they are: it becomes a part of a script.
  state.jsonp = true;
  state.jsonp_index = 0;
  for (const char c : query.jsonp) {
    if (c >= '0' && c <= '9') {
      state.jsonp_index = state.jsonp_index * 10 + static_cast<std::uint32_t>(c - '0');
    }
  }
}

EngineIoServer::Reaction EngineIoServer::get(SessionId session, const Request& request,
                                             Instant now) {
  State& state = this->state(session);
  if (state.poll) {  // ended() answers the first one with a close packet
    sessions_.close(session, CloseReason::protocol_error);
    return {Next::answer, engineio_answer::kEmpty, {}};
  }
  note_jsonp(session, request.query);
  if (!sessions_.outbox(session).empty()) return {Next::answer, take_poll_answer(session), session};
  state.poll = request.connection;
  if (state.probed && !noop_due_.armed(session.index)) noop_due_.arm(session.index, now);
  return {Next::hang, {}, session};
}

EngineIoServer::Reaction EngineIoServer::post(SessionId session, const Request& request) {
  State& state = this->state(session);
  if (state.post) {
    transport_.close(state.post, WebSocketClose::normal, "");
    sessions_.close(session, CloseReason::protocol_error);
    return {Next::answer, engineio_answer::kEmpty, {}};
  }
  if (request.binary() && state.revision == EngineIoRevision::v4) {
    sessions_.close(session, CloseReason::protocol_error);
    return {Next::answer, engineio_answer::kEmpty, {}};
  }
  if (request.body_bytes > options_.max_payload_bytes) {
    return {Next::answer, engineio_answer::kTooLarge, {}};
  }
  state.post = request.connection;
  return {Next::read_body, {}, session};
}

HttpAnswer EngineIoServer::post_body(SessionId session, bool binary, std::span<char> body,
                                     Instant now) {
  if (!sessions_.alive(session)) return engineio_answer::kEmpty;
  State& state = this->state(session);
  state.post = {};
  if (state.jsonp) {
    const auto unwrapped = jsonp_unwrap(body);
    body = unwrapped.value_or(std::span<char>{});
  }
  const PayloadForm form = state.revision == EngineIoRevision::v4 ? PayloadForm::v4
                           : binary                               ? PayloadForm::v3_binary
                                                                  : PayloadForm::v3_text;
  PayloadReader reader(form, body);
  EngineIoPacket packet;
  PayloadReader::Step step = PayloadReader::Step::end;
  while (sessions_.alive(session) && (step = reader.next(packet)) == PayloadReader::Step::packet) {
    on_packet(session, packet, now);
  }
  if (step == PayloadReader::Step::malformed) {
    sessions_.close(session, CloseReason::protocol_error);
    return engineio_answer::kEmpty;
  }
  return engineio_answer::kOk;
}

EngineIoPacket EngineIoServer::packet_of(SessionId session, FrameRef frame) const {
  const std::string_view payload = sessions_.frames().payload(frame);
  if (!sessions_.frames().binary(frame)) {
    return {static_cast<EngineIoPacketType>(payload[0]), false, payload.substr(1)};
  }
  const bool v3 = revision(session) == EngineIoRevision::v3;  // a type byte in front
  return {EngineIoPacketType::message, true, v3 ? payload.substr(1) : payload};
}

PayloadForm EngineIoServer::payload_form(SessionId session, std::size_t packets) const {
  const State& state = this->state(session);
  if (state.revision == EngineIoRevision::v4) return PayloadForm::v4;
  if (state.base64 || state.jsonp) return PayloadForm::v3_text;
  for (std::size_t i = 0; i < packets; ++i) {
    if (sessions_.frames().binary(sessions_.outbox(session).at(i))) return PayloadForm::v3_binary;
  }
  return PayloadForm::v3_text;
}

HttpAnswer EngineIoServer::take_poll_answer(SessionId session) {
  Outbox& outbox = sessions_.outbox(session);
  const std::size_t most = std::min(outbox.size(), kMaxPacketsPerPoll);
  const PayloadForm form = payload_form(session, most);
  PayloadWriter writer(form, payload_buffer_.span());
  std::size_t taken = 0;
  while (taken < most && writer.add(packet_of(session, outbox.at(taken)))) ++taken;
  outbox.pop(sessions_.frames(), taken);
  return poll_answer(session, form, writer.payload());
}

HttpAnswer EngineIoServer::poll_answer(SessionId session, EngineIoPacketType type,
                                       std::string_view data) {
  const PayloadForm form = payload_form(session, 0);
  PayloadWriter writer(form, payload_buffer_.span());
  [[maybe_unused]] const bool added = writer.add({type, false, data});
  return poll_answer(session, form, writer.payload());
}

HttpAnswer EngineIoServer::poll_answer(SessionId session, PayloadForm form,
                                       std::string_view payload) {
  const State& state = this->state(session);
  if (form == PayloadForm::v3_binary) return {200, "application/octet-stream", payload, ""};
  if (!state.jsonp) return {200, "text/plain; charset=UTF-8", payload, ""};
  const auto script = jsonp_wrap(state.jsonp_index, payload, jsonp_buffer_.span());
  if (!script) {  // control characters, six times as long in a script; the client would miss them
    sessions_.close(session, CloseReason::message_too_big);
    return engineio_answer::kEmpty;
  }
  return {200, "text/javascript; charset=UTF-8", *script, ""};
}

void EngineIoServer::end_poll(SessionId session, const HttpAnswer& answer) {
  const ConnectionId poll = std::exchange(state(session).poll, ConnectionId{});
  transport_.answer(poll, answer);
}

void EngineIoServer::flush_polling(SessionId session) {
  State& state = this->state(session);
  if (state.probe_answer_due && transport_.can_write(state.candidate)) {
    answer_probe(session);
  }
  const bool noop_due = std::exchange(state.noop_due, false);
  if (!state.poll) return;
  if (!sessions_.outbox(session).empty()) return end_poll(session, take_poll_answer(session));
  if (noop_due) end_poll(session, poll_answer(session, EngineIoPacketType::noop));
}

}  // namespace bellhop
