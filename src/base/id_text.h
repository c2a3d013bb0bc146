#pragma once
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace bellhop {

/// A number of 64 bits as text: what ids are on the wire, since JavaScript's numbers end at 2^53.
class IdText {
 public:
  explicit IdText(std::uint64_t id)
      : end_(std::to_chars(bytes_.data(), bytes_.data() + bytes_.size(), id).ptr) {}
  IdText(const IdText&) = delete;
  IdText& operator=(const IdText&) = delete;

  [[nodiscard]] std::string_view view() const {
    return {bytes_.data(), static_cast<std::size_t>(end_ - bytes_.data())};
  }

 private:
  std::array<char, 20> bytes_;
  const char* end_;
};

}  // namespace bellhop
