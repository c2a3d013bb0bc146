#include "base/local_time.h"

#include <cstdio>
#include <ctime>

namespace bellhop {

std::string_view format_local_time(WallTime at, std::span<char> out) {
  const std::int64_t total_ms = at.time_since_epoch().count();
  std::int64_t ms = total_ms % 1000;
  if (ms < 0) ms += 1000;
  const auto seconds = static_cast<std::time_t>((total_ms - ms) / 1000);
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return {};

  const long offset_minutes = local.tm_gmtoff / 60;
  const long minutes = offset_minutes < 0 ? -offset_minutes : offset_minutes;
  char text[64];
  const int size = std::snprintf(
      text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02ld:%02ld", local.tm_year + 1900,
      local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec,
      static_cast<int>(ms), offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
  if (size != static_cast<int>(kLocalTimeSize) || out.size() < kLocalTimeSize) return {};
  return {out.data(), std::string_view(text, kLocalTimeSize).copy(out.data(), kLocalTimeSize)};
}

std::string_view format_send_time(WallTime at, std::span<char> out) {
  constexpr std::size_t kUpToMilliseconds = 23;
  constexpr std::string_view kZeros = "0000";
  static_assert(kLocalTimeSize + kZeros.size() == kSendTimeSize);
  char text[kLocalTimeSize];
  const std::string_view local = format_local_time(at, text);
  if (local.empty() || out.size() < kSendTimeSize) return {};
  char* end = out.data() + local.substr(0, kUpToMilliseconds).copy(out.data(), kUpToMilliseconds);
  end += kZeros.copy(end, kZeros.size());
  local.substr(kUpToMilliseconds).copy(end, kLocalTimeSize - kUpToMilliseconds);
  return {out.data(), kSendTimeSize};
}

}  // namespace bellhop
