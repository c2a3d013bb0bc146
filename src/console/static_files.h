#pragma once
// Files that are part of the program, as HTTP answers: compressed for who takes gzip, and not sent
// again to who has them (RFC 9110 sections 8.8.3, 12.5.3, 13.1.2).
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/fixed_array.h"
#include "protocol/http.h"

namespace bellhop {

struct StaticFile {
  std::string_view path;  ///< exact, as requests name it
  std::string_view content_type;
  std::string_view body;
  std::string_view gzip;     ///< the body compressed; not used when it is no shorter
  std::string_view headers;  ///< beside those all files have: whole lines, each ended by CR LF
  /// `no-cache`: kept, but asked for again, since a box is updated.
  std::string_view cache_control = "no-cache";
};

class StaticFiles {
 public:
  /// `files` and what they point at must outlive this.
  explicit StaticFiles(std::span<const StaticFile> files);

  [[nodiscard]] bool has(std::string_view path) const { return find(path) != nullptr; }
  /// The answer to a GET or HEAD of a path that has() knows. Its headers are valid until the next
  /// call.
  [[nodiscard]] HttpAnswer answer(const HttpRequest& request);

 private:
  [[nodiscard]] const StaticFile* find(std::string_view path) const;

  std::span<const StaticFile> files_;
  FixedArray<std::uint64_t> hashes_;  ///< of the bodies; entity tags are made of them
  std::array<char, 768> headers_{};
};

/// Whether a client that sent this Accept-Encoding takes gzip.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

}  // namespace bellhop
