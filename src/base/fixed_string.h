#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace bellhop {

/// Text of at most N bytes, held in place. assign() refuses what does not fit and keeps the old.
template <std::size_t N>
class FixedString {
  static_assert(N < 65536);

 public:
  FixedString() = default;

  [[nodiscard]] bool assign(std::string_view text) {
    if (text.size() > N) return false;
    std::copy(text.begin(), text.end(), bytes_.begin());
    size_ = static_cast<unsigned short>(text.size());
    return true;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  static constexpr std::size_t capacity() { return N; }
  friend bool operator==(const FixedString& a, std::string_view b) { return a.view() == b; }

 private:
  std::array<char, N> bytes_{};
  unsigned short size_ = 0;
};

}  // namespace bellhop
