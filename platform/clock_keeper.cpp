#include "platform/clock_keeper.h"

#include <charconv>

#include "base/utc_time.h"
#include "platform/files.h"

namespace bellhop {
namespace {

constexpr unsigned kReadable = 0644;
constexpr std::size_t kLongestFile = 256;
constexpr std::string_view kUnix = "unix=";
constexpr std::chrono::years kLongestLife{50};

/// The time in two notations: damage to one of them shows.
std::string file_text(WallTime at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
  return std::string(kUnix) + std::to_string(seconds) + " utc=" + utc_text(at) + "\n";
}

}  // namespace

bool ClockKeeper::plausible(WallTime at) const {
  return at >= released_ && at < released_ + kLongestLife;
}

std::optional<WallTime> ClockKeeper::read_file(std::string& error) const {
  FileContent content;
  if (bellhop::read_file(file_, kLongestFile, content, error) != FileStatus::ok) {
    return std::nullopt;
  }
  const std::string& text = content.text;
  std::int64_t seconds = 0;
  if (text.starts_with(kUnix)) {
    std::from_chars(text.data() + kUnix.size(), text.data() + text.size(), seconds);
  }
  // Checked before anything is computed with it; the calendar has four digits for the year.
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  const WallTime at{std::chrono::seconds(seconds < 0 || seconds >= kYear10000 ? 0 : seconds)};
  if (text == file_text(at)) return at;
  error = file_ + ": the file is damaged";
  return std::nullopt;
}

void ClockKeeper::consider(std::string_view source, std::optional<WallTime> at,
                           const std::string& error, Candidate& best, std::string& oddities) const {
  if (!at) {
    oddities.append("; ").append(error);
  } else if (!plausible(*at)) {
    oddities.append("; ").append(source).append(" says ").append(utc_text(*at));
    oddities += *at < released_ ? ", before this program was made" : ", which is too far ahead";
  } else if (*at > best.at) {
    best = {source, *at};
  }
}

bool ClockKeeper::restore(std::string& report) {
  constexpr std::string_view kRunning = "the running clock";
  Candidate best{"the release date", released_};
  std::string oddities;
  std::string error;
  consider(kRunning, device_.wall_now(), "", best, oddities);
  const auto rtc = device_.read_rtc(error);
  consider("the RTC", rtc, error, best, oddities);
  error.clear();
  const auto last = read_file(error);
  consider("the last known time", last, error, best, oddities);

  if (best.source == kRunning) {
    report =
        "the clock stays at " + utc_text(best.at) + ", later than all that is known" + oddities;
    return true;
  }
  error.clear();
  const bool set = device_.set_wall(best.at, error);
  report = (set ? "the clock is set to " : error + ", to ") + utc_text(best.at) + ", from " +
           std::string(best.source) + oddities;
  return set;
}

bool ClockKeeper::save(std::string& report) {
  const WallTime now = device_.wall_now();
  if (!plausible(now)) {
    report = "the clock says " + utc_text(now) + ", which is wrong: nothing is saved";
    return false;
  }
  std::string error;
  const bool written = write_file(file_, file_text(now), kReadable, error);
  report = written ? utc_text(now) + " is saved to " + file_ : error;
  error.clear();
  report += device_.set_rtc(now, error) ? " and to the RTC" : ", not to the RTC: " + error;
  return written;
}

}  // namespace bellhop
