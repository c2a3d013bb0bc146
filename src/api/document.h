#pragma once
// JSON documents of the API that are no messages: composed with cJSON, on the heap.
#include <cjson/cJSON.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "base/local_time.h"

namespace bellhop {

struct DeleteDocument {
  void operator()(cJSON* document) const { cJSON_Delete(document); }
};
using Document = std::unique_ptr<cJSON, DeleteDocument>;

inline void add_text(cJSON* object, const char* key, std::string_view text) {
  cJSON_AddStringToObject(object, key, std::string(text).c_str());
}

inline void add_number(cJSON* object, const char* key, std::size_t value) {
  cJSON_AddNumberToObject(object, key, static_cast<double>(value));
}

inline void add_time(cJSON* object, const char* key, WallTime at) {
  std::array<char, kLocalTimeSize> text{};
  add_text(object, key, format_local_time(at, text));
}

[[nodiscard]] inline std::string print(const Document& document) {
  const std::unique_ptr<char, decltype(&cJSON_free)> text(cJSON_PrintUnformatted(document.get()),
                                                          cJSON_free);
  return std::string(text.get()) + "\n";
}

}  // namespace bellhop
