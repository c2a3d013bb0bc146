#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "loop.h"

namespace bellhop::load {

// Hears that the answer to a publisher's last post is there (always HTTP 200).
class AnswerSink {
 public:
  virtual ~AnswerSink() = default;
  virtual void on_answer(std::size_t publisher) = 0;
};

// A back end with one keep-alive connection from 127.0.0.1 and one post at a time under way.
class Publisher final : public Pollable {
 public:
  Publisher(Loop& loop, int port, std::size_t index, AnswerSink& sink);
  ~Publisher() override;
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  void post(std::uint64_t number);
  void on_ready(std::uint32_t events) override;

 private:
  AnswerSink& sink_;
  std::string rest_;  // an incomplete answer
  std::size_t index_;
  int fd_;
  int port_;
};

}  // namespace bellhop::load
