#include "effects.h"

#include <algorithm>

namespace bellhop::model {
namespace {

std::string text_of(const Effect& effect) {
  static constexpr std::string_view kNames[] = {"send to", "send the latest to",
                                                "no memory to send to", "answer", "close"};
  return std::string(kNames[static_cast<std::size_t>(effect.kind)]) + model::text_of(effect.to) +
         " " + effect.text;
}

}  // namespace

// --- Texts ---------------------------------------------------------------------------------------

std::string text_of(std::span<const SessionId> sessions) {
  std::string text;
  for (const SessionId session : sessions) {
    text += " " + std::to_string(session.index) + "." + std::to_string(session.generation);
  }
  return text.empty() ? " nobody" : text;
}

std::string text_of(const std::vector<Effect>& effects) {
  std::string text;
  for (const Effect& effect : effects) text += "\n    " + text_of(effect);
  return text.empty() ? " nothing" : text;
}

std::string text_of(const Trouble& trouble) {
  std::string text = trouble.no_memory ? ", no memory" : "";
  if (trouble.deaf_session != Trouble{}.deaf_session) {
    text += ", session " + std::to_string(trouble.deaf_session) + " is deaf";
  }
  return text;
}

std::string differ(const std::string& what, const std::string& model, const std::string& gateway) {
  return what + "\n  model:" + model + "\n  gateway:" + gateway;
}

std::optional<std::string> compare(std::span<const Number> numbers) {
  for (const Number& number : numbers) {
    if (number.model == number.gateway) continue;
    return differ(number.name, " " + std::to_string(number.model),
                  " " + std::to_string(number.gateway));
  }
  return std::nullopt;
}

// --- EffectList ----------------------------------------------------------------------------------

std::optional<std::size_t> EffectList::queued(std::span<const SessionId> to) const {
  if (trouble_.no_memory) return std::nullopt;
  const auto hears = [this](SessionId id) { return id.index != trouble_.deaf_session; };
  return static_cast<std::size_t>(std::count_if(to.begin(), to.end(), hears));
}

std::optional<std::size_t> EffectList::send(std::span<const SessionId> to, const Event& event) {
  list.push_back({trouble_.no_memory ? Effect::Kind::no_memory : Effect::Kind::send,
                  {to.begin(), to.end()},
                  std::string(event.name_literal).append(event.data)});
  return queued(to);
}

std::optional<std::size_t> EffectList::notify(std::span<const SessionId> to, const Notice& notice,
                                              Delivery delivery) {
  Effect effect = {delivery == Delivery::latest ? Effect::Kind::send_latest : Effect::Kind::send,
                   {to.begin(), to.end()},
                   std::string(notice.type_literal)};
  if (trouble_.no_memory) {
    effect.kind = Effect::Kind::no_memory;
  } else {
    for (const std::string_view part : notice.parts) effect.text.append(part);
  }
  list.push_back(std::move(effect));
  return queued(to);
}

void EffectList::acknowledge(const Origin& origin, std::string_view data) {
  if (!origin.ack_id) return;
  list.push_back({Effect::Kind::acknowledge, {origin.session}, std::string(data)});
}

}  // namespace bellhop::model
