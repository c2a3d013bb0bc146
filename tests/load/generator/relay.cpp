#include "relay.h"

#include <algorithm>
#include <fstream>

#include "open_clients.h"
#include "terminal_wire.h"
#include "ticker.h"

namespace bellhop::load {
namespace {

constexpr double kListLimitS = 20;
constexpr double kDrainLimitS = 20;
constexpr std::int64_t kMostLateNs = 1'000'000'000;

std::size_t partner(std::size_t terminal) {
  return terminal ^ 1U;
}

std::vector<std::string> read_tokens(const std::string& file, std::size_t wanted) {
  std::ifstream in(file);
  std::vector<std::string> tokens;
  for (std::string line; tokens.size() < wanted && std::getline(in, line);) {
    tokens.push_back(line);
  }
  if (tokens.size() < wanted) {
    die("--tokens needs a file with " + std::to_string(wanted) + " lines, not \"" + file + "\"");
  }
  return tokens;
}

}  // namespace

Relay::Relay(Loop& loop, int port, pid_t server, const std::string& token_file, std::size_t size)
    : loop_(loop), meter_(server), flows_(size) {
  if (size == 0 || size % 2 != 0) {
    die("terminals come in pairs: an even --size");
  }
  const std::vector<std::string> tokens = read_tokens(token_file, size);
  open_clients(loop, terminals_, size, [&](std::size_t i) {
    return std::make_unique<Terminal>(loop, port, i, tokens[i], *this);
  });
  const auto has_all = [size](const auto& terminal) { return terminal->listed() == size; };
  loop.run_until([&] { return std::all_of(terminals_.begin(), terminals_.end(), has_all); },
                 kListLimitS, "an online list of all users at every terminal");
}

Window Relay::run_closed(double seconds) {
  meter_.start();
  stop_sending_ns_ = now_ns() + seconds_to_ns(seconds);
  for (std::size_t sender = 0; sender < terminals_.size(); sender += 2) {
    send_next(sender, now_ns());
  }
  return wait_and_stop(seconds + kDrainLimitS);
}

Window Relay::run_steady(double seconds, double per_second) {
  const std::int64_t period_ns = seconds_to_ns(1 / per_second);
  const auto total = static_cast<std::uint64_t>(seconds * per_second);
  stop_sending_ns_ = 0;
  due_sent_ = 0;
  meter_.start();
  const std::int64_t start_ns = now_ns();
  const Ticker ticker(loop_, period_ns, [&] { send_due(start_ns, period_ns, total); });
  loop_.run_until([&] { return due_sent_ == total; }, seconds + kDrainLimitS, "frames to be due");
  return wait_and_stop(kDrainLimitS);
}

Window Relay::wait_and_stop(double limit_s) {
  loop_.run_until([this] { return under_way_ == 0; }, limit_s, "deliveries and receipts");
  return meter_.stop();
}

void Relay::send_due(std::int64_t start_ns, std::int64_t period_ns, std::uint64_t total) {
  const std::int64_t now = now_ns();
  while (due_sent_ < total) {
    const std::int64_t due = start_ns + static_cast<std::int64_t>(due_sent_ + 1) * period_ns;
    if (due > now) {
      return;
    }
    if (now - due > kMostLateNs) {
      die("the generator itself is a second late: too many frames for it, or a busy machine");
    }
    send_next(due_sent_ % terminals_.size(), due);
    ++due_sent_;
  }
}

void Relay::send_next(std::size_t sender, std::int64_t since_ns) {
  Flow& flow = flows_[sender];
  if (flow.sent - std::min(flow.delivered, flow.receipts) == kMostUnderWay) {
    die("the server does not keep up: too many frames of one sender are under way");
  }
  Sent& sent = flow.frames[flow.sent % kMostUnderWay];
  sent = {next_number_++, since_ns};
  ++flow.sent;
  ++under_way_;
  meter_.sent();
  terminals_[sender]->send_event(terminals_[partner(sender)]->user(), sent.number);
}

void Relay::on_event(std::size_t terminal, std::string_view text) {
  const std::size_t sender = partner(terminal);
  Flow& flow = flows_[sender];
  const Sent& sent = flow.frames[flow.delivered % kMostUnderWay];
  if (flow.delivered == flow.sent ||
      !is_delivery(text, terminals_[sender]->user(), terminals_[terminal]->user(), sent.number)) {
    die("user " + terminals_[terminal]->user() +
        " got a frame that was not sent, or is not next: " + std::string(text));
  }
  meter_.delivered(sent.since_ns);
  ++flow.delivered;
  if (flow.delivered <= flow.receipts) {
    finish_one(sender);
  }
}

void Relay::on_receipt(std::size_t terminal, std::string_view text) {
  Flow& flow = flows_[terminal];
  if (flow.receipts == flow.sent || !is_receipt(text, terminals_[partner(terminal)]->user())) {
    die("user " + terminals_[terminal]->user() +
        " got a receipt that is wrong, or one too many: " + std::string(text));
  }
  ++flow.receipts;
  if (flow.receipts <= flow.delivered) {
    finish_one(terminal);
  }
}

void Relay::finish_one(std::size_t sender) {
  --under_way_;
  const std::int64_t now = now_ns();
  if (now < stop_sending_ns_) {
    send_next(sender, now);
  }
}

}  // namespace bellhop::load
