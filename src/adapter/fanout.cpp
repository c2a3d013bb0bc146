#include "adapter/fanout.h"

namespace bellhop {

std::optional<std::size_t> Fanout::send(std::span<const SessionId> to, const Event& event) {
  const FrameRef frame = socketio_.encode_event(kPageNamespace, event.name_literal, event.data);
  if (frame == kNoFrame) return std::nullopt;
  const std::size_t queued = sessions_.send(to, frame);
  sessions_.frames().release(frame);
  return queued;
}

void Fanout::acknowledge(const Origin& origin, std::string_view data) {
  if (!origin.ack_id) return;
  socketio_.acknowledge({origin.session, kPageNamespace}, *origin.ack_id, data);
}

void Fanout::close(SessionId session) {
  sessions_.close(session, CloseReason::out_of_memory);
}

}  // namespace bellhop
