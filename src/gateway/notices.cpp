#include "gateway/notices.h"

#include <cassert>
#include <charconv>

#include "protocol/json.h"

namespace bellhop {

std::string_view SendTime::literal(WallTime at) {
  constexpr std::size_t kMilliseconds = 1 + std::string_view("2020-08-06T16:32:22.").size();
  const auto second = std::chrono::floor<std::chrono::seconds>(at);
  if (second.time_since_epoch().count() != second_) {
    second_ = second.time_since_epoch().count();
    text_.front() = '"';
    text_.back() = '"';
    format_send_time(at, std::span(text_).subspan(1, kSendTimeSize));
  }
  auto rest = static_cast<int>((at - second).count());
  for (std::size_t i = 3; i-- > 0; rest /= 10) {
    text_[kMilliseconds + i] = static_cast<char>('0' + rest % 10);
  }
  return {text_.data(), text_.size()};
}

template <class... Parts>
Notice NoticeWriter::join(std::string_view type_literal, Parts... parts) {
  static_assert(sizeof...(parts) <= std::tuple_size_v<decltype(parts_)>);
  std::size_t count = 0;
  ((parts_[count++] = parts), ...);
  return {type_literal, {parts_.data(), count}};
}

Notice NoticeWriter::event(const EventHead& head, const std::array<std::string_view, 2>& message) {
  return join(R"("Event")", R"({"Sender":")", head.sender, R"(","Receiver":")", head.receiver,
              R"(","SendTime":)", head.send_time_literal, R"(,"Type":"Event","Id":")", head.id,
              R"(","Message":)", message[0], message[1], "}");
}

std::string_view NoticeWriter::receipt(const Receipt& receipt, std::string_view send_time) {
  JsonWriter out(text_);
  out.raw(R"({"Type":"Receipt","SendTime":)").raw(send_time);
  out.raw(R"(,"Message":{"Id":")").raw(receipt.id);
  out.raw(R"(","Event":)").raw(receipt.event_literal);
  out.raw(R"(,"Receiver":")").raw(receipt.receiver);
  out.raw(R"(","Status":")").raw(receipt.status).raw("\"");
  if (receipt.reason.empty()) {
    out.raw(R"(,"Terminals":)").number(static_cast<std::int64_t>(receipt.terminals));
  } else {
    out.raw(R"(,"Reason":)").string(receipt.reason);
  }
  out.raw("}}");
  assert(out.ok());
  return out.text();
}

Notice NoticeWriter::heartbeat(std::string_view send_time) {
  return join(R"("Heartbeat")", R"({"Type":"Heartbeat","SendTime":)", send_time, "}");
}

std::string_view NoticeWriter::error(const TerminalFault& fault) {
  JsonWriter out(text_);
  out.raw(R"({"Type":"Error","Message":{"Code":)").string(fault.code);
  std::array<char, 160> reason;
  const std::size_t size = fault.reason.copy(reason.data(), 120);
  char* end = reason.data() + size;
  if (fault.offset) {
    constexpr std::string_view kAt = " at byte ";
    end += kAt.copy(end, kAt.size());
    end = std::to_chars(end, reason.data() + reason.size(), *fault.offset).ptr;
  }
  out.raw(R"(,"Reason":)").string({reason.data(), static_cast<std::size_t>(end - reason.data())});
  out.raw("}}");
  assert(out.ok());
  return out.text();
}

Notice NoticeWriter::online_list(std::string_view ids, std::string_view send_time) {
  return join(R"("Chat")", R"({"Type":"Chat","SendTime":)", send_time, R"(,"Message":[)", ids,
              "]}");
}

Notice NoticeWriter::missed(std::string_view calls, std::string_view send_time) {
  return join(R"("Missed")", R"({"Type":"Missed","SendTime":)", send_time, R"(,"Message":[)", calls,
              "]}");
}

}  // namespace bellhop
