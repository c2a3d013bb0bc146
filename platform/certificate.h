#pragma once
// The certificate of the TLS listener: the box makes its own at its first start, and a house may
// put another in its place.
#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"

namespace bellhop {

/// What the certificate is for.
struct CertificateSubject {
  std::string host_name;                      // common name and first alternative name
  std::vector<std::string> names;             // further DNS names
  std::vector<std::uint32_t> ipv4_addresses;  // host byte order
};

/// This machine: its host name, the same with `.local` (mDNS), localhost, 127.0.0.1 and the
/// addresses its interfaces have at the moment.
[[nodiscard]] CertificateSubject local_subject();

/// A fresh EC P-256 private key, PEM (RFC 5915).
[[nodiscard]] bool make_private_key(std::string& key_pem, std::string& error);

/// A self-signed certificate for that key, PEM. Valid from 2020 on, because the box may have no
/// clock when it makes it, to the end of the 20th year after that of `now`, or after 2026 if that
/// is later.
[[nodiscard]] bool make_certificate(const std::string& key_pem, const CertificateSubject& subject,
                                    WallTime now, std::string& certificate_pem, std::string& error);

/// Reads a certificate (chain) and its key and checks that they belong together; a key file must
/// be readable by its owner only. False with `error` naming the file and the way out. Also to be
/// called before a reload, which then keeps the old pair. An expired certificate is not an error,
/// for the clock may be wrong: it is logged.
[[nodiscard]] bool check_certificate(const std::string& certificate_file,
                                     const std::string& key_file, std::string& error);

}  // namespace bellhop
