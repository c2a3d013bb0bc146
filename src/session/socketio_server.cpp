#include "session/socketio_server.h"

#include <array>
#include <cassert>

#include "protocol/base64.h"
#include "protocol/json.h"

namespace bellhop {
namespace {

constexpr Duration kAssemblyTimeout{10000};
constexpr std::size_t kNamespaceMax = 128;
constexpr std::size_t kHeaderMax = kNamespaceMax + 32;  ///< with type, counts and ack id
constexpr std::string_view kInvalidNamespace = R"({"message":"Invalid namespace"})";

std::string_view view(std::span<char> bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace

SocketIoServer::SocketIoServer(const SocketIoOptions& options, SessionTable& sessions,
                               AssemblyPool& assemblies, SocketIoHandler& handler)
    : options_(options),
      sessions_(sessions),
      assemblies_(assemblies),
      handler_(handler),
      states_(sessions.capacity()),
      connect_due_(sessions.capacity(), options.connect_timeout),
      assembly_due_(sessions.capacity(), kAssemblyTimeout) {
  assert(!options_.namespaces.empty() && options_.namespaces[0] == "/");
  assert(options_.namespaces.size() <= SocketIoOptions::kMaxNamespaces);
}

bool SocketIoServer::is_v3(SessionId session) const {
  return engine_->revision(session) == EngineIoRevision::v3;
}

std::optional<std::uint8_t> SocketIoServer::find_namespace(std::string_view nsp) const {
  for (std::size_t i = 0; i < options_.namespaces.size(); ++i) {
    if (options_.namespaces[i] == nsp) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

bool SocketIoServer::joined(Socket socket) const {
  return (states_[socket.session.index].joined >> socket.nsp & 1) != 0;
}

// --- Session life ------------------------------------------------------------------------------

void SocketIoServer::on_open(SessionId session, Instant now) {
  states_[session.index] = State{};
  // Clients of protocol revision 4 are connected to "/" without asking.
  if (is_v3(session)) return join({session, 0}, "", now);
  connect_due_.arm(session.index, now);
}

void SocketIoServer::on_ended(SessionId session, CloseReason reason) {
  const auto namespaces = static_cast<std::uint8_t>(options_.namespaces.size());
  for (std::uint8_t nsp = 0; nsp < namespaces; ++nsp) {
    if (joined({session, nsp})) leave({session, nsp}, reason == CloseReason::token_ended);
  }
  drop_assembly(session);
  connect_due_.disarm(session.index);
}

void SocketIoServer::expire(Instant now) {
  std::uint32_t index = 0;
  Instant due;
  while (connect_due_.pop_expired(now, index, due)) {
    sessions_.close(sessions_.at(index), CloseReason::connect_timeout);
  }
  while (assembly_due_.pop_expired(now, index, due)) {
    sessions_.close(sessions_.at(index), CloseReason::protocol_error);
  }
}

// --- Messages in ---------------------------------------------------------------------------------

void SocketIoServer::on_message(SessionId session, const EngineIoPacket& message, Instant now) {
  ++messages_received_;
  if (!states_[session.index].rate.take(now, options_.messages_per_10s)) {
    return sessions_.close(session, CloseReason::flooding);
  }
  if (message.binary) return on_binary(session, message.data, now);
  on_text(session, message.data, now);
}

void SocketIoServer::on_text(SessionId session, std::string_view text, Instant now) {
  const auto packet = socketio_decode(text, options_.max_json_depth);
  if (!packet || states_[session.index].assembly != kNoAssembly) {
    return sessions_.close(session, CloseReason::protocol_error);
  }
  if (packet->attachments == 0) return on_packet(session, *packet, {}, now);
  if (!socketio_placeholders_valid(packet->json, packet->attachments)) {
    return sessions_.close(session, CloseReason::protocol_error);
  }
  begin_assembly(session, text, packet->attachments, now);
}

void SocketIoServer::begin_assembly(SessionId session, std::string_view text,
                                    std::uint8_t attachments, Instant now) {
  State& state = states_[session.index];
  state.assembly = assemblies_.take();
  if (state.assembly == kNoAssembly) return sessions_.close(session, CloseReason::out_of_memory);
  assembly_due_.arm(session.index, now);
  state.header_bytes = static_cast<std::uint32_t>(text.size());
  state.attachments_due = attachments;
  state.attachments_here = 0;
  static_cast<void>(assemble(session, text));
}

bool SocketIoServer::assemble(SessionId session, std::string_view bytes) {
  const AssemblyRef buffer = states_[session.index].assembly;
  const std::size_t size = assemblies_.bytes(buffer).size() + bytes.size();
  if (size <= options_.max_message_bytes && assemblies_.append(buffer, bytes)) return true;
  sessions_.close(session, CloseReason::message_too_big);
  return false;
}

void SocketIoServer::on_binary(SessionId session, std::string_view bytes, Instant now) {
  State& state = states_[session.index];
  if (state.assembly == kNoAssembly) return sessions_.close(session, CloseReason::protocol_error);
  if (!assemble(session, bytes)) return;
  state.attachment_bytes[state.attachments_here++] = static_cast<std::uint32_t>(bytes.size());
  if (state.attachments_here == state.attachments_due) finish_assembly(session, now);
}

void SocketIoServer::finish_assembly(SessionId session, Instant now) {
  const State& state = states_[session.index];
  std::string_view rest = view(assemblies_.bytes(state.assembly));
  const auto packet = socketio_decode(rest.substr(0, state.header_bytes), options_.max_json_depth);
  rest.remove_prefix(state.header_bytes);
  std::array<std::string_view, kMaxAttachments> attachments;
  for (std::size_t i = 0; i < state.attachments_due; ++i) {
    attachments[i] = rest.substr(0, state.attachment_bytes[i]);
    rest.remove_prefix(state.attachment_bytes[i]);
  }
  on_packet(session, *packet, {attachments.data(), state.attachments_due}, now);
  drop_assembly(session);
}

void SocketIoServer::drop_assembly(SessionId session) {
  State& state = states_[session.index];
  if (state.assembly == kNoAssembly) return;
  assemblies_.give_back(state.assembly);
  state.assembly = kNoAssembly;
  assembly_due_.disarm(session.index);
}

void SocketIoServer::on_packet(SessionId session, const SocketIoPacket& packet,
                               std::span<const std::string_view> attachments, Instant now) {
  if (packet.type == SocketIoPacketType::connect) return on_connect(session, packet, now);
  const auto nsp = find_namespace(packet.nsp);
  if (!nsp || !joined({session, *nsp}) || packet.type == SocketIoPacketType::connect_error) {
    return sessions_.close(session, CloseReason::protocol_error);
  }
  const Socket socket = {session, *nsp};
  switch (packet.type) {
    case SocketIoPacketType::disconnect:
      return leave(socket, true);  // the transport stays, as clients expect
    case SocketIoPacketType::event:
    case SocketIoPacketType::binary_event:
      return on_event(socket, packet, attachments, now);
    default:
      return;  // acks: this server asks for none
  }
}

void SocketIoServer::on_event(Socket socket, const SocketIoPacket& packet,
                              std::span<const std::string_view> attachments, Instant now) {
  if (packet.json.empty()) return;  // stock servers ignore it too
  JsonElements elements(packet.json);
  SocketIoEvent event;
  if (!elements.next(event.name_literal)) return;
  event.arguments = elements.rest();
  event.attachments = attachments;
  event.ack_id = packet.ack_id;
  handler_.on_event(socket, event, now);
}

// --- Namespaces ----------------------------------------------------------------------------------

void SocketIoServer::on_connect(SessionId session, const SocketIoPacket& packet, Instant now) {
  if (packet.nsp.size() > kNamespaceMax) {
    return sessions_.close(session, CloseReason::protocol_error);
  }
  const auto nsp = find_namespace(packet.nsp);
  if (!nsp) {
    send_packet(session, {.type = SocketIoPacketType::connect_error, .nsp = packet.nsp},
                {&kInvalidNamespace, 1});
    return;
  }
  if (joined({session, *nsp})) return sessions_.close(session, CloseReason::protocol_error);
  join({session, *nsp}, packet.json, now);
}

void SocketIoServer::join(Socket socket, std::string_view auth, Instant now) {
  const std::string_view nsp = options_.namespaces[socket.nsp];
  if (const auto error = handler_.on_connecting(socket, auth, now)) {
    send_packet(socket.session, {.type = SocketIoPacketType::connect_error, .nsp = nsp},
                {&*error, 1});
    return;
  }
  if (!send_connected(socket)) return;
  State& state = states_[socket.session.index];
  state.joined = static_cast<std::uint8_t>(state.joined | 1U << socket.nsp);
  connect_due_.disarm(socket.session.index);
  handler_.on_connected(socket, auth, now);
}

bool SocketIoServer::send_connected(Socket socket) {
  const SocketIoPacket answer = {.type = SocketIoPacketType::connect,
                                 .nsp = options_.namespaces[socket.nsp]};
  if (is_v3(socket.session)) return send_packet(socket.session, answer, {});
  std::array<char, 15> secret;
  std::array<char, base64url_size(15)> sid;
  options_.random({secret.data(), secret.size()});
  const std::string_view text = base64url_encode({secret.data(), secret.size()}, sid);
  const std::array<std::string_view, 3> json = {R"({"sid":")", text, R"("})"};
  return send_packet(socket.session, answer, json);
}

void SocketIoServer::leave(Socket socket, bool goodbye) {
  State& state = states_[socket.session.index];
  state.joined = static_cast<std::uint8_t>(state.joined & ~(1U << socket.nsp));
  handler_.on_disconnected(socket, goodbye);
}

// --- Messages out --------------------------------------------------------------------------------

FrameRef SocketIoServer::build_packet(const SocketIoPacket& packet, Parts json) {
  std::array<char, kHeaderMax> header;
  const auto text = socketio_write_header(packet, header);
  return text ? sessions_.build(*text, json) : kNoFrame;
}

bool SocketIoServer::deliver(SessionId session, FrameRef frame) {
  if (frame == kNoFrame) {
    sessions_.close(session, CloseReason::out_of_memory);
    return false;
  }
  const bool queued = sessions_.send(session, frame);
  sessions_.frames().release(frame);
  return queued;
}

bool SocketIoServer::send_packet(SessionId session, const SocketIoPacket& packet, Parts json,
                                 Parts attachments) {
  if (!sessions_.alive(session)) return false;
  if (!deliver(session, build_packet(packet, json))) return false;
  const std::string_view type_byte = is_v3(session) ? std::string_view("\x04", 1) : "";
  for (const std::string_view& bytes : attachments) {
    if (!deliver(session, sessions_.build(type_byte, {&bytes, 1}, WebSocketOpcode::binary)))
      return false;
  }
  return true;
}

FrameRef SocketIoServer::encode_event(std::uint8_t nsp, std::string_view name_literal, Parts data) {
  std::array<std::string_view, kMaxDataParts + 4> json;
  assert(data.size() <= kMaxDataParts);
  std::size_t count = 0;
  json[count++] = "[";
  json[count++] = name_literal;
  if (!data.empty() && !data.front().empty()) json[count++] = ",";
  for (const std::string_view part : data) json[count++] = part;
  json[count++] = "]";
  return build_packet({.type = SocketIoPacketType::event, .nsp = options_.namespaces[nsp]},
                      {json.data(), count});
}

bool SocketIoServer::emit(Socket socket, std::string_view name_literal, std::string_view arguments,
                          Parts attachments) {
  const std::string_view comma = arguments.empty() ? "" : ",";
  const std::array<std::string_view, 5> json = {"[", name_literal, comma, arguments, "]"};
  const SocketIoPacket packet = {
      .type = attachments.empty() ? SocketIoPacketType::event : SocketIoPacketType::binary_event,
      .attachments = static_cast<std::uint8_t>(attachments.size()),
      .nsp = options_.namespaces[socket.nsp]};
  return send_packet(socket.session, packet, json, attachments);
}

bool SocketIoServer::acknowledge(Socket socket, std::uint64_t ack_id, std::string_view arguments,
                                 Parts attachments) {
  const std::array<std::string_view, 3> json = {"[", arguments, "]"};
  const SocketIoPacket packet = {
      .type = attachments.empty() ? SocketIoPacketType::ack : SocketIoPacketType::binary_ack,
      .attachments = static_cast<std::uint8_t>(attachments.size()),
      .nsp = options_.namespaces[socket.nsp],
      .ack_id = ack_id};
  return send_packet(socket.session, packet, json, attachments);
}

}  // namespace bellhop
