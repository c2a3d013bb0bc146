#pragma once
// The frames the gateway itself writes (contract section 3), composed into fixed memory. Views stay
// valid until the same writer is used again.
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "base/id_text.h"
#include "base/instant.h"
#include "base/local_time.h"
#include "gateway/effects.h"
#include "protocol/terminal.h"

namespace bellhop {

/// Stamps frames. Local time is looked up once a second: of the frames within it only the
/// milliseconds differ.
class SendTime {
 public:
  /// A JSON string literal.
  [[nodiscard]] std::string_view literal(WallTime at);

 private:
  std::int64_t second_ = std::numeric_limits<std::int64_t>::min();
  std::array<char, kSendTimeSize + 2> text_{};
};

/// What the sender of a frame is told.
struct Receipt {
  std::string_view id;
  std::string_view event_literal;
  std::string_view receiver;
  std::string_view status;
  std::size_t terminals = 0;
  std::string_view reason;  ///< of a refused one
};

/// An event from one user to another.
struct EventHead {
  std::string_view sender;
  std::string_view receiver;
  std::string_view send_time_literal;
  std::string_view id;
};

class NoticeWriter {
 public:
  [[nodiscard]] Notice event(const EventHead& head, const std::array<std::string_view, 2>& message);
  /// The receipt's JSON, for a page's acknowledgement too.
  [[nodiscard]] std::string_view receipt(const Receipt& receipt, std::string_view send_time);
  [[nodiscard]] Notice heartbeat(std::string_view send_time);
  /// An error's JSON, likewise.
  [[nodiscard]] std::string_view error(const TerminalFault& fault);
  /// `ids` is the inside of a JSON array.
  [[nodiscard]] Notice online_list(std::string_view ids, std::string_view send_time);
  [[nodiscard]] Notice missed(std::string_view calls, std::string_view send_time);

 private:
  template <class... Parts>
  [[nodiscard]] Notice join(std::string_view type_literal, Parts... parts);

  std::array<std::string_view, 12> parts_{};
  std::array<char, 1024> text_{};
};

}  // namespace bellhop
