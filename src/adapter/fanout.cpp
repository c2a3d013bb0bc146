#include "adapter/fanout.h"

#include <algorithm>

namespace bellhop {

std::optional<std::size_t> Fanout::send(std::span<const SessionId> to, const Event& event) {
  const FrameRef frame =
      socketio_.encode_event(kPageNamespace, event.name_literal, {&event.data, 1});
  if (frame == kNoFrame) return std::nullopt;
  const std::size_t queued = sessions_.send(to, frame);
  sessions_.frames().release(frame);
  return queued;
}

std::optional<std::size_t> Fanout::notify(std::span<const SessionId> to, const Notice& notice,
                                          Delivery delivery) {
  const auto is_page = [this](SessionId session) { return sessions_.driven_by(session, pages_); };
  const auto pages = std::count_if(to.begin(), to.end(), is_page);
  const bool to_terminals = static_cast<std::size_t>(pages) < to.size();
  FrameRef for_page = kNoFrame;
  FrameRef for_terminal = kNoFrame;
  if (pages > 0) {
    for_page = socketio_.encode_event(kPageNamespace, notice.type_literal, notice.parts);
  }
  if (to_terminals) for_terminal = sessions_.build("", notice.parts);
  const bool encoded =
      (pages == 0 || for_page != kNoFrame) && (!to_terminals || for_terminal != kNoFrame);
  std::size_t queued = 0;
  for (const SessionId session : to) {
    if (!encoded) break;
    queued +=
        sessions_.send(session, is_page(session) ? for_page : for_terminal, delivery) ? 1U : 0U;
  }
  for (const FrameRef frame : {for_page, for_terminal}) {
    if (frame != kNoFrame) sessions_.frames().release(frame);
  }
  return encoded ? std::optional(queued) : std::nullopt;
}

void Fanout::acknowledge(const Origin& origin, std::string_view data) {
  if (!origin.ack_id) return;
  socketio_.acknowledge({origin.session, kPageNamespace}, *origin.ack_id, data);
}

void Fanout::close(SessionId session) {
  sessions_.close(session, CloseReason::out_of_memory);
}

}  // namespace bellhop
