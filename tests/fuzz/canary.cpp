// A bug planted on purpose: it believes the attachment count of a packet. A fuzz run that does not
// find it proves nothing about the other targets.
#include "fuzz.h"
#include "protocol/json_scan.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = bellhop::fuzz::text_of(data, size);
  if (!text.starts_with("45") || size < 4 || text[3] != '-') return 0;
  if (!bellhop::json_scan::is_digit(text[2])) return 0;
  const auto claimed = static_cast<std::size_t>(text[2] - '0');
  const volatile char* const bytes = text.data();
  unsigned sum = 0;
  for (std::size_t i = 0; i < claimed; ++i) sum += static_cast<unsigned char>(bytes[4 + i]);
  return sum == 0xFFFFFFFFU ? -1 : 0;
}
