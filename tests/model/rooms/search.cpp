#include "rooms/search.h"

#include <algorithm>
#include <array>

#include "rooms/world.h"

namespace bellhop::model::rooms {
namespace {

using Stories = Search<World>;

constexpr std::array<std::string_view, 3> kRules = {"loginWhenFirst", "loginWhenLast",
                                                    "loginWhenever"};

// --- All stories ---------------------------------------------------------------------------------

constexpr std::uint32_t kFewPages = 3;
constexpr std::array<std::string_view, 2> kFewRooms = {"a", "b"};

bool connected(const Stories::Story& story, std::uint32_t page) {
  for (std::size_t i = story.size(); i-- > 0;) {
    if (story[i].session != page) continue;
    if (story[i].kind == Kind::connect) return true;
    if (story[i].kind == Kind::disconnect) return false;
  }
  return false;
}

/// Every next step of three pages and two rooms that differs by more than the names of pages and
/// rooms: these come up in the order of their numbers, and the other stories are the same.
template <class Step>
void next_steps(const Stories::Story& story, const Step& step) {
  std::uint32_t pages = 0;
  std::uint32_t rooms = 0;
  for (std::size_t i = kFewPages; i < story.size(); ++i) {
    pages = std::max(pages, story[i].session + 1);
    rooms = std::max(rooms, story[i].room.empty() ? 0U : story[i].room == kFewRooms[0] ? 1U : 2U);
  }
  for (std::uint32_t page = 0; page <= std::min(pages, kFewPages - 1); ++page) {
    step({.kind = Kind::disconnect, .session = page});
    if (!connected(story, page)) step({.kind = Kind::connect, .session = page});
    for (std::uint32_t room = 0; room <= std::min(rooms, 1U); ++room) {
      const std::string_view name = kFewRooms[room];
      step({.kind = Kind::logout, .session = page, .room = name, .acknowledged = true});
      for (const std::string_view rule : kRules) {
        step({.kind = Kind::login, .session = page, .room = name, .rule = rule});
      }
    }
  }
}

SearchResult all(std::size_t length, const Tables& tables) {
  Stories::Frame frame = {tables,
                          {},
                          {{.kind = Kind::push, .room = kFewRooms[0]},
                           {.kind = Kind::push, .room = kFewRooms[1]},
                           {.kind = Kind::push_all},
                           {.kind = Kind::sync}}};
  for (std::uint32_t page = 0; page < kFewPages; ++page) {
    frame.beginning.push_back({.kind = Kind::connect, .session = page});
  }
  return Stories::all(frame, length, [](const Stories::Story& story, const auto& step) {
    next_steps(story, step);
  });
}

// --- Random stories ------------------------------------------------------------------------------

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
  operation.trouble.no_memory = operation.kind <= Kind::push_all && dice.one_in(25);
  const bool pushes = operation.kind == Kind::push || operation.kind == Kind::push_all;
  if (pushes && dice.one_in(4)) operation.trouble.deaf_session = dice.below(kPages);
  return operation;
}

std::pair<Tables, Stories::Story> draw_story(Dice& dice) {
  const Tables tables = {
      .rooms = 1 + dice.below(6), .memberships = 1 + dice.below(24), .sessions = kPages};
  Stories::Story story;
  for (std::uint32_t page = 0; page < kPages; page += 2) {
    story.push_back({.kind = Kind::connect, .session = page});
  }
  while (story.size() < kStorySteps) story.push_back(draw(dice));
  return {tables, std::move(story)};
}

}  // namespace

SearchResult search_random(std::uint64_t steps, std::uint64_t seed) {
  return Stories::random(steps, seed, draw_story);
}

SearchResult search_all(std::size_t length) {
  return all(length, {.rooms = 2, .memberships = 6, .sessions = kFewPages});
}
SearchResult search_full_rooms(std::size_t length) {
  return all(length - 1, {.rooms = 1, .memberships = 2, .sessions = kFewPages});
}
SearchResult search_full_members(std::size_t length) {
  return all(length - 1, {.rooms = 2, .memberships = 2, .sessions = kFewPages});
}

}  // namespace bellhop::model::rooms
