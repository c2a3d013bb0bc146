#pragma once
// Effects as comparable values.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "gateway/effects.h"
#include "operation.h"

namespace bellhop::model {

struct Effect {
  enum class Kind : std::uint8_t { send, no_memory, acknowledge, close };
  Kind kind = Kind::send;
  std::vector<SessionId> to;
  std::string text;  ///< event and data, or the body of the answer

  friend bool operator==(const Effect&, const Effect&) = default;
};

[[nodiscard]] std::string text_of(const Effect& effect);

/// Takes the rules' effects in; fails as the operation under way wants it.
class EffectList final : public Effects {
 public:
  void begin(const Operation& operation) {
    list.clear();
    no_memory_ = operation.no_memory;
    deaf_session_ = operation.deaf_session;
  }

  std::optional<std::size_t> send(std::span<const SessionId> to, const Event& event) override {
    list.push_back({no_memory_ ? Effect::Kind::no_memory : Effect::Kind::send,
                    {to.begin(), to.end()},
                    std::string(event.name_literal).append(event.data)});
    if (no_memory_) return std::nullopt;
    return static_cast<std::size_t>(std::count_if(
        to.begin(), to.end(), [this](SessionId id) { return id.index != deaf_session_; }));
  }
  std::optional<std::size_t> notify(std::span<const SessionId>, const Notice&, Delivery) override {
    return 0;  // rooms tell call terminals nothing
  }
  void acknowledge(const Origin& origin, std::string_view data) override {
    if (!origin.ack_id) return;
    list.push_back({Effect::Kind::acknowledge, {origin.session}, std::string(data)});
  }
  void close(SessionId session) override { list.push_back({Effect::Kind::close, {session}, ""}); }

  std::vector<Effect> list;

 private:
  bool no_memory_ = false;
  std::uint32_t deaf_session_ = 0xffffffff;
};

}  // namespace bellhop::model
