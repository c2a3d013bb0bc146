#include "terminal_wire.h"

#include <algorithm>

namespace bellhop::load {
namespace {

constexpr std::string_view kMessageHead = R"({"Event":"Offer","Data":{"seq":)";
constexpr std::string_view kMessageMiddle = R"(,"pad":")";
constexpr std::string_view kMessageTail = R"("}})";

std::string event_message(std::uint64_t number) {
  std::string message(kMessageHead);
  message += std::to_string(number);
  message += kMessageMiddle;
  message.append(kMessageBytes - message.size() - kMessageTail.size(), 'x');
  message += kMessageTail;
  return message;
}

// What follows `name`, which includes the colon; empty when it is not there.
std::string_view after(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + name.size());
}

// Whether the string member `name` (with its colon and the opening quote) has this value.
bool has_string(std::string_view text, std::string_view name, std::string_view value) {
  const std::string_view rest = after(text, name);
  return rest.size() > value.size() && rest.starts_with(value) && rest[value.size()] == '"';
}

}  // namespace

TerminalText terminal_text(std::string_view text) {
  const std::string_view type = after(text, R"("Type":")");
  if (type.starts_with(R"(Event")")) return TerminalText::event;
  if (type.starts_with(R"(Receipt")")) return TerminalText::receipt;
  if (type.starts_with(R"(Chat")")) return TerminalText::online_list;
  return TerminalText::unknown;
}

std::string event_frame(std::string_view sender, std::string_view receiver, std::uint64_t number) {
  std::string frame = R"({"Sender":")";
  frame += sender;
  frame += R"(","Receiver":")";
  frame += receiver;
  frame += R"(","SendTime":"","Type":"Event","Message":)";
  frame += event_message(number);
  frame += '}';
  return frame;
}

bool is_delivery(std::string_view text, std::string_view sender, std::string_view receiver,
                 std::uint64_t number) {
  const std::string_view rest = after(text, R"("Message":)");
  return rest.size() > kMessageBytes && rest.starts_with(event_message(number)) &&
         (rest[kMessageBytes] == '}' || rest[kMessageBytes] == ',') && text.ends_with('}') &&
         has_string(text, R"("Sender":")", sender) &&
         has_string(text, R"("Receiver":")", receiver) &&
         after(text, R"("SendTime":")").starts_with('2');  // a year
}

bool is_receipt(std::string_view text, std::string_view receiver) {
  return has_string(text, R"("Receiver":")", receiver) &&
         has_string(text, R"("Event":")", "Offer") &&
         has_string(text, R"("Status":")", "delivered") &&
         after(text, R"("Terminals":)").starts_with('1');
}

std::size_t listed_users(std::string_view text) {
  const std::string_view list = after(text, R"("Message":[)");
  return static_cast<std::size_t>(std::count(list.begin(), list.end(), '"')) / 2;
}

}  // namespace bellhop::load
