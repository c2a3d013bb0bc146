#include "switchboard/search.h"

#include <array>

#include "switchboard/world.h"

namespace bellhop::model::switchboard {
namespace {

using Stories = Search<World>;

// --- All stories ---------------------------------------------------------------------------------

// Session 0 is user 1, session 1 user 2, and session 2 is a second terminal of user 2.
constexpr std::array<std::string_view, 3> kUserOf = {"1", "2", "2"};

bool is_in(const Stories::Story& story, std::uint32_t session) {
  for (std::size_t i = story.size(); i-- > 0;) {
    const Operation& operation = story[i];
    if (operation.session != session || operation.kind > Kind::lose) continue;
    return operation.kind == Kind::sign_in;
  }
  return false;
}

template <class Step>
void next_steps(const Stories::Story& story, const Step& step) {
  for (std::uint32_t session = 0; session < kUserOf.size(); ++session) {
    if (!is_in(story, session)) {
      step({.kind = Kind::sign_in, .session = session, .user = kUserOf[session]});
      continue;
    }
    step({.kind = Kind::sign_out, .session = session});
    step({.kind = Kind::lose, .session = session});
    const std::string_view other = session == 0 ? "2" : "1";
    for (const std::string_view event : {"Call", "Accept", "Decline", "Cancel", "Hangup"}) {
      // What the second terminal of user 2 can do that the first cannot: answer.
      if (session == 2 && event != "Accept" && event != "Decline") continue;
      step({.kind = Kind::relay, .session = session, .user = other, .event = event});
    }
  }
  if (is_in(story, 0)) {
    step({.kind = Kind::relay, .session = 0, .user = "2", .event = "Offer", .body = Body::bare});
  }
  for (const std::int64_t ms : {99, 4999, 29999}) step({.kind = Kind::wait, .ms = ms});
  if (!story.empty() && story.back().kind == Kind::wait) step({.kind = Kind::wait, .ms = 1});
}

/// What is left behind: lists that wait, users in their grace, calls that ring.
Stories::Frame frame(const Tables& tables) {
  return {tables,
          {{.kind = Kind::sign_in, .session = 0, .user = "1"},
           {.kind = Kind::sign_in, .session = 1, .user = "2"}},
          {{.kind = Kind::wait, .ms = 100},
           {.kind = Kind::wait, .ms = 4900},
           {.kind = Kind::sign_in, .session = 1, .user = "2"},
           {.kind = Kind::wait, .ms = 25000},
           {.kind = Kind::sync}}};
}

SearchResult all(std::size_t length, const Tables& tables) {
  return Stories::all(frame(tables), length, [](const Stories::Story& story, const auto& step) {
    next_steps(story, step);
  });
}

// --- Random stories ------------------------------------------------------------------------------

constexpr std::uint32_t kSessions = 8;
constexpr std::size_t kStorySteps = 300;
// Mostly two who talk; a pair of one FNV-1a value, and the longest id.
constexpr std::array<std::string_view, 6> kUserIds = {
    "1",          "2",      "3",
    "costarring", "liquid", "0123456789012345678901234567890123456789012345678901234567890123"};
constexpr std::array<std::string_view, 10> kEvents = {
    "Call", "Call", "Call", "Call", "Accept", "Accept", "Decline", "Cancel", "Hangup", "Offer"};
constexpr std::array<std::int64_t, 11> kWaits = {1,    1,    50,    99,    100,  101,
                                                 4999, 5000, 10000, 29999, 30000};

std::string_view draw_user(Dice& dice) {
  return dice.one_in(4) ? dice.pick(kUserIds) : kUserIds[dice.below(3)];
}

void draw_frame(Dice& dice, Operation& operation) {
  operation.event = dice.pick(kEvents);
  if (dice.one_in(4)) operation.id_back = 1 + dice.below(4);
  if (dice.one_in(4)) operation.sender = dice.pick(kUserIds);
  operation.own_time = dice.one_in(4);
  operation.body = dice.one_in(2) ? Body::data : static_cast<Body>(dice.below(4));
}

Operation draw(Dice& dice) {
  static constexpr std::array<Kind, 20> kKinds = {
      Kind::sign_in, Kind::sign_in, Kind::sign_in, Kind::sign_in, Kind::sign_out,
      Kind::lose,    Kind::lose,    Kind::relay,   Kind::relay,   Kind::relay,
      Kind::relay,   Kind::relay,   Kind::relay,   Kind::relay,   Kind::relay,
      Kind::wait,    Kind::wait,    Kind::wait,    Kind::sync,    Kind::heart_check};
  static constexpr std::array<Kind, 3> kRareKinds = {Kind::complain, Kind::restore_user,
                                                     Kind::restore_call};
  Operation operation;
  operation.kind = dice.one_in(20) ? dice.pick(kRareKinds) : dice.pick(kKinds);
  operation.session = dice.below(kSessions);
  operation.user = draw_user(dice);
  if (operation.kind == Kind::relay) draw_frame(dice, operation);
  if (operation.kind == Kind::sign_in && dice.one_in(4)) operation.name = dice.pick(kUserIds);
  if (operation.kind == Kind::wait) operation.ms = dice.pick(kWaits);
  operation.listed = dice.one_in(2);
  operation.state = dice.below(4);
  if (operation.kind == Kind::restore_call) operation.sender = dice.pick(kUserIds);
  operation.acknowledged = dice.one_in(3);
  operation.trouble.no_memory = dice.one_in(25);
  if (dice.one_in(10)) operation.trouble.deaf_session = dice.below(kSessions);
  return operation;
}

std::pair<Tables, Stories::Story> draw_story(Dice& dice) {
  // Some with a history long enough for more missed calls than one frame holds.
  const Tables tables = {.users = 1 + dice.below(5),
                         .sessions = kSessions,
                         .calls = dice.one_in(4) ? 40 : 1 + dice.below(6),
                         .list_bytes_per_second = dice.one_in(2) ? 1'000'000U : 100U};
  Stories::Story story;
  while (story.size() < kStorySteps) story.push_back(draw(dice));
  return {tables, std::move(story)};
}

}  // namespace

SearchResult search_random(std::uint64_t steps, std::uint64_t seed) {
  return Stories::random(steps, seed, draw_story);
}

SearchResult search_all(std::size_t length) {
  return all(length, {.users = 2, .sessions = 3, .calls = 4});
}

SearchResult search_full(std::size_t length) {
  return all(length - 1, {.users = 2, .sessions = 3, .calls = 1, .list_bytes_per_second = 20});
}

}  // namespace bellhop::model::switchboard
