#include "traffic.h"

#include "wire.h"

namespace bellhop::load {
namespace {

// A message number tells whose message it is: 4'000'000'000 + sequence * 64 + publisher; the start
// is divisible by 64 and leaves room for 93 million pushes in ten digits.
constexpr std::uint64_t kFirstNumber = 4'000'000'000;
constexpr std::uint64_t kMaxPublishers = 64;
static_assert(kFirstNumber % kMaxPublishers == 0);

constexpr double kDrainLimitS = 20;

}  // namespace

Traffic::Traffic(Loop& loop, int port, pid_t server, std::size_t publishers)
    : loop_(loop), meter_(server), in_flight_(publishers) {
  if (publishers == 0 || publishers > kMaxPublishers) {
    die("between 1 and 64 publishers");
  }
  for (std::size_t i = 0; i < publishers; ++i) {
    publishers_.push_back(std::make_unique<Publisher>(loop, port, i, *this));
  }
}

Window Traffic::run(std::size_t members, double seconds) {
  members_ = members;
  meter_.start();
  stop_posting_ns_ = now_ns() + seconds_to_ns(seconds);
  for (std::size_t i = 0; i < publishers_.size(); ++i) {
    post_next(i);
  }
  loop_.run_until([this] { return under_way_ == 0; }, seconds + kDrainLimitS, "deliveries");
  return meter_.stop();
}

void Traffic::post_next(std::size_t publisher) {
  InFlight& flight = in_flight_[publisher];
  flight.number = kFirstNumber + sequence_++ * kMaxPublishers + publisher;
  flight.missing = members_;
  flight.answered = false;
  flight.posted_ns = now_ns();
  ++under_way_;
  ++total_pushes_;
  meter_.sent();
  publishers_[publisher]->post(flight.number);
}

void Traffic::on_event(Member& /*member*/, std::string_view packet) {
  const std::uint64_t number = event_number(packet);
  const std::size_t publisher = number % kMaxPublishers;
  if (number == 0 || publisher >= in_flight_.size() || in_flight_[publisher].number != number ||
      in_flight_[publisher].missing == 0) {
    die("not the event that was pushed, or one too many: " + std::string(packet.substr(0, 300)));
  }
  InFlight& flight = in_flight_[publisher];
  meter_.delivered(flight.posted_ns);
  --flight.missing;
  finish_one(publisher);
}

void Traffic::on_answer(std::size_t publisher) {
  in_flight_[publisher].answered = true;
  finish_one(publisher);
}

void Traffic::finish_one(std::size_t publisher) {
  const InFlight& flight = in_flight_[publisher];
  if (!flight.answered || flight.missing != 0) {
    return;
  }
  --under_way_;
  if (now_ns() < stop_posting_ns_) {
    post_next(publisher);
  }
}

}  // namespace bellhop::load
