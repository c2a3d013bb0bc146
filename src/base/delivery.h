#pragma once
#include <cstdint>

namespace bellhop {

/// What becomes of a message that a slow reader has not got yet when the next one comes.
enum class Delivery : std::uint8_t {
  every,   ///< it stays
  latest,  ///< the next one takes its place
};

}  // namespace bellhop
