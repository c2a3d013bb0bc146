#pragma once
// Effects as comparable values; what both models and their worlds share.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/effects.h"

namespace bellhop::model {

struct Effect {
  enum class Kind : std::uint8_t { send, send_latest, no_memory, acknowledge, close };
  Kind kind = Kind::send;
  std::vector<SessionId> to;
  /// Event and data, or type and frame, or the body of the answer; of a frame for which there was
  /// no memory the type alone.
  std::string text;

  friend bool operator==(const Effect&, const Effect&) = default;
};

[[nodiscard]] std::string text_of(std::span<const SessionId> sessions);
[[nodiscard]] std::string text_of(const std::vector<Effect>& effects);

/// "what" with what the model and the gateway say about it.
[[nodiscard]] std::string differ(const std::string& what, const std::string& model,
                                 const std::string& gateway);
/// One number of which both sides have their own.
struct Number {
  const char* name;
  std::uint64_t model;
  std::uint64_t gateway;
};
/// The first that differs, as differ() tells it.
[[nodiscard]] std::optional<std::string> compare(std::span<const Number> numbers);

/// What goes wrong while one operation is done.
struct Trouble {
  bool no_memory = false;                   ///< nothing can be encoded
  std::uint32_t deaf_session = 0xffffffff;  ///< its queue is full
};
[[nodiscard]] std::string text_of(const Trouble& trouble);

/// Takes the rules' effects in; fails as the operation under way wants it.
class EffectList final : public Effects {
 public:
  void begin(const Trouble& trouble) {
    list.clear();
    trouble_ = trouble;
  }

  std::optional<std::size_t> send(std::span<const SessionId> to, const Event& event) override;
  std::optional<std::size_t> notify(std::span<const SessionId> to, const Notice& notice,
                                    Delivery delivery) override;
  void acknowledge(const Origin& origin, std::string_view data) override;
  void close(SessionId session) override { list.push_back({Effect::Kind::close, {session}, ""}); }

  std::vector<Effect> list;

 private:
  [[nodiscard]] std::optional<std::size_t> queued(std::span<const SessionId> to) const;

  Trouble trouble_;
};

}  // namespace bellhop::model
