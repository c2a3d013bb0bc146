#pragma once
// Effects as lines of text, in order: what the rules did, readable and comparable. Knows no test
// framework.
//   notify 0,3 {"Type":...}     latest 0,3 {"Type":...}: a Notice of that delivery
//   send 0,3 "downmsg" {"code":"2001",...}     ack 3#7 {"code":...}     close 3
#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gateway/effects.h"

namespace bellhop {

/// `4`, or `4.2` for the second session in slot 4.
inline std::string text_of(SessionId session) {
  const std::string index = std::to_string(session.index);
  return session.generation == 1 ? index : index + "." + std::to_string(session.generation);
}

inline std::string text_of(std::span<const SessionId> sessions) {
  std::string text;
  for (const SessionId session : sessions) text.append(text.empty() ? "" : ",") += text_of(session);
  return text;
}

class RecordingEffects final : public Effects {
 public:
  std::optional<std::size_t> send(std::span<const SessionId> to, const Event& event) override {
    std::string& line = lines.emplace_back(no_memory ? "no memory " : "send ");
    line.append(text_of(to)).append(" ").append(event.name_literal);
    if (!event.data.empty()) line.append(" ").append(event.data);
    if (no_memory) return std::nullopt;
    return heard_by(to);
  }
  std::optional<std::size_t> notify(std::span<const SessionId> to, const Notice& notice,
                                    Delivery delivery) override {
    const bool fails = no_memory || notices_until_no_memory == 0;
    if (notices_until_no_memory > 0) --notices_until_no_memory;
    std::string& line = lines.emplace_back(fails                          ? "no memory "
                                           : delivery == Delivery::latest ? "latest "
                                                                          : "notify ");
    line.append(text_of(to)).append(" ");
    for (const std::string_view part : notice.parts) line.append(part);
    types.emplace_back(notice.type_literal);
    return fails ? std::nullopt : std::optional(heard_by(to));
  }
  void acknowledge(const Origin& origin, std::string_view data) override {
    if (!origin.ack_id) return;
    lines.push_back("ack " + text_of(origin.session) + "#" + std::to_string(*origin.ack_id) + " " +
                    std::string(data));
  }
  void close(SessionId session) override { lines.push_back("close " + text_of(session)); }

  /// The lines since the last call, joined by new lines.
  std::string take() {
    std::string joined;
    types.clear();
    for (const std::string& line : std::exchange(lines, {})) {
      joined.append(joined.empty() ? "" : "\n").append(line);
    }
    return joined;
  }

  std::vector<std::string> lines;
  std::vector<std::string> types;         ///< literals of the notices among them
  bool no_memory = false;                 ///< send() and notify() find none to encode with
  int notices_until_no_memory = -1;       ///< how many are encoded still; -1: all
  std::uint32_t deaf_index = 0xffffffff;  ///< this session's queue is full

 private:
  [[nodiscard]] std::size_t heard_by(std::span<const SessionId> to) const {
    return static_cast<std::size_t>(std::count_if(
        to.begin(), to.end(), [this](SessionId id) { return id.index != deaf_index; }));
  }
};

}  // namespace bellhop
