#pragma once
// One step of a story: what a terminal does, or time, with everything that makes it repeatable.
#include <cstdint>
#include <string>
#include <string_view>

#include "effects.h"

namespace bellhop::model::switchboard {

enum class Kind : std::uint8_t {
  sign_in,   ///< also of one that is signed in: nothing, since no session does that
  sign_out,  ///< with a goodbye
  lose,      ///< without
  relay,     ///< a frame for another user
  heart_check,
  complain,      ///< what it sent was no frame
  wait,          ///< the clock goes on, and what is due happens
  restore_user,  ///< of the last run
  restore_call,
  sync,  ///< the store takes what has changed
};

/// The Message of a frame.
enum class Body : std::uint8_t {
  data,      ///< with Data
  bare,      ///< without
  longest,   ///< as long as is kept with a call
  too_long,  ///< one byte longer
};

struct Operation {
  Kind kind = Kind::sync;
  std::uint32_t session = 0;  ///< of sign_in to complain
  std::string_view user;    ///< of sign_in and restore_user; the Receiver of relay and restore_call
  std::string_view name;    ///< of sign_in and restore_user
  std::string_view event;   ///< of relay
  std::string_view sender;  ///< of relay, as the frame says; of restore_call
  std::uint32_t id_back = 0;  ///< of relay: its Id is the last call's (1), the one's before, ...
  Body body = Body::data;     ///< of relay
  bool own_time = false;      ///< the frame has a SendTime
  bool listed = false;        ///< of restore_user
  std::uint32_t state = 0;    ///< of restore_call: ringing, accepted, missed, hung up
  std::int64_t ms = 0;        ///< of wait
  bool acknowledged = false;  ///< the page waits for an answer
  Trouble trouble;
};

struct Tables {
  std::size_t users = 0;
  std::size_t sessions = 0;
  std::size_t calls = 0;
  std::uint32_t list_bytes_per_second = 1'000'000;
};

[[nodiscard]] std::string text_of(const Operation& operation);
[[nodiscard]] std::string text_of(const Tables& tables);

}  // namespace bellhop::model::switchboard
