#pragma once
// What the rules do to the world, as values and one seam: tests collect the list of effects.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/delivery.h"
#include "base/handle.h"

namespace bellhop {

/// A message free of any dialect.
struct Event {
  std::string_view name_literal;  ///< JSON string literal, with quotes
  std::string_view data;          ///< raw JSON of its one argument; empty: none
};

/// A frame of call terminals (contract section 3), free of any dialect.
struct Notice {
  std::string_view type_literal;  ///< its Type with quotes; a page gets it as an event of this name
  std::span<const std::string_view> parts;  ///< the JSON object, to be joined
};

/// Who asked, and the number under which the page waits for an answer, if it does.
struct Origin {
  SessionId session;
  std::optional<std::uint64_t> ack_id;
};

class Effects {
 public:
  /// One event to many, encoded once. For how many it was queued; nullopt when there was no memory
  /// to encode it (nobody got it).
  [[nodiscard]] virtual std::optional<std::size_t> send(std::span<const SessionId> to,
                                                        const Event& event) = 0;
  /// The same for a frame of call terminals. A receiver has at most one `latest` message waiting.
  [[nodiscard]] virtual std::optional<std::size_t> notify(std::span<const SessionId> to,
                                                          const Notice& notice,
                                                          Delivery delivery) = 0;
  /// The answer to a page's request: the acknowledgement alone. Nothing when it did not ask.
  virtual void acknowledge(const Origin& origin, std::string_view data) = 0;
  /// Ends a session that could not be told what it must know, for want of memory.
  virtual void close(SessionId session) = 0;

 protected:
  ~Effects() = default;
};

}  // namespace bellhop
