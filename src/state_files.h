#pragma once
// Where things are, for every command of the program.
#include <string>

#include "config/options.h"
#include "platform/identity.h"

namespace bellhop {

[[nodiscard]] inline std::string database_file(const Options& options) {
  return options.state.directory + "/bellhop.db";
}

[[nodiscard]] inline IdentityFiles identity_files(const Options& options) {
  return {options.state.directory, options.push.key_file, options.admin.key_file,
          options.tls.certificate_file, options.tls.key_file};
}

}  // namespace bellhop
