#pragma once
// What the box makes for itself at its first start: a key for its back ends, one for its
// administrator, and a certificate.
// Only the very first start makes them. Later a missing, empty or broken file is an error, so that
// a lost file never turns into an open door or a silently changed key (contract section 7).
#include <string>

#include "base/instant.h"
#include "platform/key_ring.h"

namespace bellhop {

/// Where things are. A file left empty lies in the state folder (push.key, admin.key, tls.crt,
/// tls.key) and is made at the first start; a file that is named is the house's own and is never
/// made.
struct IdentityFiles {
  std::string state_directory;
  std::string push_key;
  std::string admin_key;
  std::string certificate;
  std::string certificate_key;
};

struct Identity {
  bool first_start = false;  // whether this start made anything
  std::string push_key;      // resolved paths
  std::string admin_key;
  std::string certificate;
  std::string certificate_key;
  KeyRing push_keys;
  KeyRing admin_keys;
};

/// Makes the state folder (0700) and, when it was never used (neither bellhop.db nor the marker
/// file `initialised` is in it), what is missing or was left blank by a power cut; then loads and
/// checks everything. `check_tls`
/// is whether a TLS listener will want the certificate; it is made either way. False with one
/// line in `error` that names the file and the way out: the program then exits 78 (EX_CONFIG).
[[nodiscard]] bool open_identity(const IdentityFiles& files, bool check_tls, WallTime now,
                                 Identity& identity, std::string& error);

}  // namespace bellhop
