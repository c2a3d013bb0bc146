#include "platform/secret_file.h"

#include <mbedtls/platform_util.h>

namespace bellhop {

SecretFile::~SecretFile() {
  mbedtls_platform_zeroize(content_.text.data(), content_.text.size());
}

bool SecretFile::read(const std::string& path, std::string& error) {
  constexpr std::size_t kLargest = 65536;
  if (read_file(path, kLargest, content_, error) != FileStatus::ok) return false;
  if (content_.text.empty()) {
    error = path + ": the file is empty";
    return false;
  }
  if ((content_.mode & 077u) != 0) {
    error = path +
            ": others than its owner may access the file (chmod 600 it, and consider the "
            "secret known)";
    return false;
  }
  return true;
}

}  // namespace bellhop
