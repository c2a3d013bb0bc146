#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bellhop {

/// Everything that can be wrong with a request, as one closed table.
enum class ApiError : std::uint8_t {
  malformed,
  unauthorised,
  forbidden,
  not_found,
  method_not_allowed,
  too_large,
  overloaded,
  table_full,
  database_unavailable,
};

struct ApiErrorRow {
  std::uint16_t status;          ///< HTTP
  std::string_view return_code;  ///< of the seed's envelope
  std::string_view word;         ///< of /api/v1
};

inline constexpr std::array<ApiErrorRow, 9> kApiErrors = {{
    {400, "0400", "malformed"},
    {401, "0401", "unauthorised"},
    {403, "0403", "forbidden"},
    {404, "0404", "not_found"},
    {405, "0405", "method_not_allowed"},
    {413, "0413", "too_large"},
    {503, "0503", "overloaded"},
    {503, "0503", "table_full"},
    {503, "0503", "database_unavailable"},
}};

[[nodiscard]] constexpr const ApiErrorRow& row_of(ApiError error) {
  return kApiErrors[static_cast<std::size_t>(error)];
}

}  // namespace bellhop
