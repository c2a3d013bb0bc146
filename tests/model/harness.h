#pragma once
// Looks for a story in which rules and model part. A World does both side by side; it has
//   Operation     one step of a story, with everything that makes it repeatable
//   Tables        how large its tables are
//   World(const Tables&)
//   optional<string> apply(const Operation&, bool compare)     what differs after the step
// and text_of() for its Operation and its Tables.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bellhop::model {

struct Finding {
  std::vector<std::string> story;  ///< as short as could be made
  std::string tables;
  std::string difference;
};

struct SearchResult {
  std::uint64_t stories = 0;
  std::uint64_t steps = 0;
  std::optional<Finding> finding;
};

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

template <class World>
class Search {
 public:
  using Operation = typename World::Operation;
  using Tables = typename World::Tables;
  using Story = std::vector<Operation>;

  /// What the stories of all() have in common.
  struct Frame {
    Tables tables;
    Story beginning;
    Story looks;  ///< done after the last step: they show what it has left behind
  };
  /// Every story that goes on from the beginning by 1 to `length` steps. `alphabet(story, step)`
  /// calls `step(operation)` for each one that may come next.
  template <class Alphabet>
  [[nodiscard]] static SearchResult all(const Frame& frame, std::size_t length,
                                        const Alphabet& alphabet) {
    SearchResult result;
    Story story = frame.beginning;
    extend(frame, length, alphabet, story, result);
    return result;
  }

  /// About `steps` steps of stories drawn by `seed`: `draw(dice)` gives a pair of tables and story.
  template <class Draw>
  [[nodiscard]] static SearchResult random(std::uint64_t steps, std::uint64_t seed, Draw draw) {
    Dice dice(seed);
    SearchResult result;
    while (result.steps < steps && !result.finding) {
      const std::pair<Tables, Story> drawn = draw(dice);
      if (play(drawn.second, drawn.first)) result.finding = shrink(drawn.second, drawn.first);
      ++result.stories;
      result.steps += drawn.second.size();
    }
    return result;
  }

 private:
  struct Parting {
    std::size_t step = 0;
    std::string difference;
  };

  /// The first step at which a story parts rules and model.
  static std::optional<Parting> play(const Story& story, const Tables& tables) {
    World world(tables);
    for (std::size_t i = 0; i < story.size(); ++i) {
      if (auto difference = world.apply(story[i], true)) return Parting{i, std::move(*difference)};
    }
    return std::nullopt;
  }

  /// Leaves steps out as long as the story still parts them.
  static Finding shrink(Story story, const Tables& tables) {
    std::optional<Parting> parting = play(story, tables);
    story.resize(parting->step + 1);
    for (bool shorter = true; shorter;) {
      shorter = false;
      for (std::size_t i = story.size(); i-- > 0;) {
        Story without = story;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        auto still = play(without, tables);
        if (!still) continue;
        without.resize(still->step + 1);
        story = std::move(without);
        parting = std::move(still);
        shorter = true;
        break;
      }
    }
    Finding finding = {{}, text_of(tables), std::move(parting->difference)};
    for (const Operation& operation : story) finding.story.push_back(text_of(operation));
    return finding;
  }

  template <class Alphabet>
  static void extend(const Frame& frame, std::size_t length, const Alphabet& alphabet, Story& story,
                     SearchResult& result) {
    if (length == 0) return;
    alphabet(std::as_const(story), [&](const Operation& operation) {
      if (result.finding) return;
      story.push_back(operation);
      check(frame, story, result);
      extend(frame, length - 1, alphabet, story, result);
      story.pop_back();
    });
  }

  /// Only the last step is compared: the steps before it were stories of their own.
  static void check(const Frame& frame, const Story& story, SearchResult& result) {
    ++result.stories;
    result.steps += story.size();
    World world(frame.tables);
    for (std::size_t i = 0; i + 1 < story.size(); ++i) {
      static_cast<void>(world.apply(story[i], false));
    }
    bool parts = world.apply(story.back(), true).has_value();
    for (const Operation& look : frame.looks) parts = parts || world.apply(look, true).has_value();
    if (!parts) return;
    Story whole = story;
    whole.insert(whole.end(), frame.looks.begin(), frame.looks.end());
    result.finding = shrink(std::move(whole), frame.tables);
  }
};

}  // namespace bellhop::model
