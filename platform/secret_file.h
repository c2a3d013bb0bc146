#pragma once
#include <string>
#include <string_view>

#include "platform/files.h"

namespace bellhop {

/// The content of a file that only its owner may read. It is wiped when the object goes.
class SecretFile {
 public:
  SecretFile() = default;
  ~SecretFile();
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;

  /// False with `PATH: reason` when the file is missing, empty, larger than 64 KiB, not a regular
  /// file, or open to its group or to others.
  [[nodiscard]] bool read(const std::string& path, std::string& error);

  [[nodiscard]] std::string_view text() const { return content_.text; }
  /// With its terminating zero, as mbedTLS's PEM readers want it.
  [[nodiscard]] const std::string& string() const { return content_.text; }

 private:
  FileContent content_;
};

}  // namespace bellhop
