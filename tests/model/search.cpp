#include "search.h"

#include <algorithm>
#include <array>

#include "world.h"

namespace bellhop::model {
namespace {

constexpr std::array<std::string_view, 3> kRules = {"loginWhenFirst", "loginWhenLast",
                                                    "loginWhenever"};

struct Parting {
  std::size_t step = 0;
  std::string difference;
};

/// The first step at which a story parts gateway and model.
std::optional<Parting> play(const Story& story, const Tables& tables) {
  World world(tables);
  for (std::size_t i = 0; i < story.size(); ++i) {
    if (auto difference = world.apply(story[i], true)) return Parting{i, std::move(*difference)};
  }
  return std::nullopt;
}

/// Leaves steps out as long as the story still parts them.
Finding shrink(Story story, const Tables& tables) {
  std::optional<Parting> parting = play(story, tables);
  story.resize(parting->step + 1);
  for (bool shorter = true; shorter;) {
    shorter = false;
    for (std::size_t i = story.size(); i-- > 0;) {
      Story without = story;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      const auto still = play(without, tables);
      if (!still) continue;
      without.resize(still->step + 1);
      story = std::move(without);
      parting = still;
      shorter = true;
      break;
    }
  }
  return {std::move(story), tables, std::move(parting->difference)};
}

// --- All stories ---------------------------------------------------------------------------------

class Everything {
 public:
  static constexpr std::uint32_t kPages = 3;
  static constexpr std::array<std::string_view, 2> kNames = {"a", "b"};

  Everything(std::size_t length, const Tables& tables) : length_(length), tables_(tables) {
    for (std::uint32_t page = 0; page < kPages; ++page) {
      story_.push_back({.kind = Kind::connect, .session = page});
    }
  }

  /// Extends the story by every next step. Pages and rooms come up in the order of their numbers:
  /// the other stories are the same under other names.
  void extend(std::uint32_t pages, std::uint32_t rooms) {
    if (result.finding || story_.size() == kPages + length_) return;
    for (std::uint32_t page = 0; page <= std::min(pages, kPages - 1); ++page) {
      const std::uint32_t pages_now = std::max(pages, page + 1);
      step({.kind = Kind::disconnect, .session = page}, pages_now, rooms);
      step({.kind = Kind::connect, .session = page}, pages_now, rooms);
      for (std::uint32_t room = 0; room <= std::min<std::uint32_t>(rooms, 1); ++room) {
        const std::uint32_t rooms_now = std::max(rooms, room + 1);
        step({.kind = Kind::logout, .session = page, .room = kNames[room], .acknowledged = true},
             pages_now, rooms_now);
        for (const std::string_view rule : kRules) {
          step({.kind = Kind::login, .session = page, .room = kNames[room], .rule = rule},
               pages_now, rooms_now);
        }
      }
    }
  }

  SearchResult result;

 private:
  void step(const Operation& operation, std::uint32_t pages, std::uint32_t rooms) {
    if (result.finding) return;
    if (operation.kind == Kind::connect && !disconnected(operation.session)) return;
    story_.push_back(operation);
    check();
    extend(pages, rooms);
    story_.pop_back();
  }

  [[nodiscard]] bool disconnected(std::uint32_t page) const {
    for (std::size_t i = story_.size(); i-- > 0;) {
      if (story_[i].session != page) continue;
      if (story_[i].kind == Kind::connect) return false;
      if (story_[i].kind == Kind::disconnect) return true;
    }
    return true;
  }

  /// Only the last step is compared: the steps before it were stories of their own. The pushes
  /// after it show who is where.
  void check() {
    ++result.stories;
    result.steps += story_.size();
    World world(tables_);
    for (std::size_t i = 0; i + 1 < story_.size(); ++i) {
      static_cast<void>(world.apply(story_[i], false));
    }
    bool parts = world.apply(story_.back(), true).has_value();
    for (const Operation& look : kLooks) parts = parts || world.apply(look, true).has_value();
    if (!parts) return;
    Story story = story_;
    story.insert(story.end(), kLooks.begin(), kLooks.end());
    result.finding = shrink(std::move(story), tables_);
  }

  static constexpr std::array<Operation, 4> kLooks = {{
      {.kind = Kind::push, .room = kNames[0]},
      {.kind = Kind::push, .room = kNames[1]},
      {.kind = Kind::push_all},
      {.kind = Kind::sync},
  }};

  std::size_t length_;
  Tables tables_;
  Story story_;
};

// --- Random stories ------------------------------------------------------------------------------

/// SplitMix64.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint32_t below(std::uint32_t bound) {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32) % bound;
  }
  [[nodiscard]] bool one_in(std::uint32_t bound) { return below(bound) == 0; }
  template <class Range>
  [[nodiscard]] auto pick(const Range& range) {
    return range[below(static_cast<std::uint32_t>(std::size(range)))];
  }

 private:
  std::uint64_t state_;
};

constexpr std::uint32_t kPages = 12;
constexpr std::size_t kStorySteps = 300;
// Pairs of one FNV-1a value, names of one bucket, the longest name, and two that are none.
constexpr std::array<std::string_view, 9> kRoomNames = {
    "costarring",
    "liquid",
    "1",
    "5",
    "9",
    "altarage",
    "0123456789012345678901234567890123456789012345678901234567890123",
    "01234567890123456789012345678901234567890123456789012345678901234",
    ""};

Operation draw(Dice& dice) {
  static constexpr std::array<Kind, 21> kKinds = {
      Kind::connect, Kind::connect, Kind::disconnect, Kind::login, Kind::login, Kind::login,
      Kind::login,   Kind::login,   Kind::login,      Kind::login, Kind::login, Kind::login,
      Kind::logout,  Kind::logout,  Kind::push,       Kind::push,  Kind::push,  Kind::push_all,
      Kind::sync,    Kind::restore, Kind::kick};
  Operation operation;
  operation.kind = dice.one_in(60) ? Kind::drop : dice.pick(kKinds);
  operation.session = dice.below(kPages);
  // Mostly few rooms, so that they have several members.
  operation.room = dice.one_in(3) ? dice.pick(kRoomNames) : kRoomNames[dice.below(3)];
  operation.rule = dice.one_in(40)  ? "loginWhen"
                   : dice.one_in(2) ? "loginWhenever"
                                    : dice.pick(kRules);
  const bool asks = operation.kind == Kind::login || operation.kind == Kind::logout;
  operation.acknowledged = asks && dice.one_in(2);
  operation.no_memory = operation.kind <= Kind::push_all && dice.one_in(25);
  const bool pushes = operation.kind == Kind::push || operation.kind == Kind::push_all;
  if (pushes && dice.one_in(4)) operation.deaf_session = dice.below(kPages);
  return operation;
}

Story draw_story(Dice& dice) {
  Story story;
  for (std::uint32_t page = 0; page < kPages; page += 2) {
    story.push_back({.kind = Kind::connect, .session = page});
  }
  while (story.size() < kStorySteps) story.push_back(draw(dice));
  return story;
}

}  // namespace

SearchResult search_all(std::size_t length, const Tables& tables) {
  Everything everything(length, tables);
  everything.extend(0, 0);
  return std::move(everything.result);
}

SearchResult search_random(std::uint64_t steps, std::uint64_t seed) {
  Dice dice(seed);
  SearchResult result;
  while (result.steps < steps && !result.finding) {
    const Tables tables = {
        .rooms = 1 + dice.below(6), .memberships = 1 + dice.below(24), .sessions = kPages};
    const Story story = draw_story(dice);
    if (play(story, tables)) result.finding = shrink(story, tables);
    ++result.stories;
    result.steps += story.size();
  }
  return result;
}

}  // namespace bellhop::model
