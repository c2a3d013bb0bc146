#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "websocket_client.h"

namespace bellhop::load {

// Hears what terminals get. `text` lives until the call returns.
class TerminalSink {
 public:
  virtual ~TerminalSink() = default;
  virtual void on_event(std::size_t terminal, std::string_view text) = 0;
  virtual void on_receipt(std::size_t terminal, std::string_view text) = 0;
};

// The only call terminal of its user, whose id is index + 1. Logs out when it is destroyed.
class Terminal final : public WebSocketClient {
 public:
  Terminal(Loop& loop, int port, std::size_t index, std::string_view token, TerminalSink& sink);
  ~Terminal() override;

  // Once it has its first online list.
  [[nodiscard]] bool ready() const { return listed_ > 0; }
  // Users on the last online list.
  [[nodiscard]] std::size_t listed() const { return listed_; }
  [[nodiscard]] const std::string& user() const { return user_; }

  void send_event(std::string_view receiver, std::uint64_t number) const;

 private:
  void on_open() override {}
  void on_text(std::string_view text) override;

  TerminalSink& sink_;
  std::string user_;
  std::size_t index_;
  std::size_t listed_ = 0;
};

}  // namespace bellhop::load
