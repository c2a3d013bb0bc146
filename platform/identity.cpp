#include "platform/identity.h"

#include <mbedtls/platform_util.h>

#include "base/log.h"
#include "platform/certificate.h"
#include "platform/files.h"
#include "platform/secret_file.h"

namespace bellhop {
namespace {

constexpr unsigned kOwnerOnly = 0600;
constexpr unsigned kReadable = 0644;

std::string in_state(const IdentityFiles& files, const char* name) {
  return files.state_directory + "/" + name;
}

std::string or_else(const std::string& path, const std::string& fallback) {
  return path.empty() ? fallback : path;
}

std::string marker_of(const IdentityFiles& files) {
  return in_state(files, "initialised");
}

bool never_used(const IdentityFiles& files) {
  return !file_exists(in_state(files, "bellhop.db")) && !file_exists(marker_of(files));
}

/// Missing, or what a power cut may leave of a file that was being written: a name without bytes,
/// or with zeros for bytes. Anything else is somebody's, also when it is wrong.
bool is_blank(const std::string& path) {
  constexpr std::size_t kLongest = 65536;
  FileContent content;
  std::string error;
  if (!file_exists(path)) return true;
  const bool read = read_file(path, kLongest, content, error) == FileStatus::ok;
  const bool blank = read && content.text.find_first_not_of('\0') == std::string::npos;
  mbedtls_platform_zeroize(content.text.data(), content.text.size());
  if (blank) log_event(LogLevel::warn, "blank_file_made_anew", {{"file", path}});
  return blank;
}

bool write_and_wipe(const std::string& path, std::string& secret, std::string& error) {
  const bool written = write_file(path, secret, kOwnerOnly, error);
  mbedtls_platform_zeroize(secret.data(), secret.size());
  return written;
}

bool make_random_key(const std::string& path, std::string& error) {
  std::string key;
  if (!make_key(key)) {
    error = path + ": the kernel gives no random bytes for a key";
    return false;
  }
  key += '\n';
  return write_and_wipe(path, key, error);
}

bool make_key_file(const std::string& path, std::string& error) {
  std::string key;
  return make_private_key(key, error) && write_and_wipe(path, key, error);
}

bool make_certificate_file(const Identity& identity, WallTime now, std::string& error) {
  SecretFile key;
  std::string certificate;
  if (!key.read(identity.certificate_key, error)) return false;
  if (!make_certificate(key.string(), local_subject(), now, certificate, error)) {
    error = identity.certificate_key + ": " + error;
    return false;
  }
  return write_file(identity.certificate, certificate, kReadable, error);
}

/// `named` is what the configuration says, empty for a file of the box's own.
bool make_missing_key(const std::string& named, const std::string& path, Identity& identity,
                      std::string& error) {
  if (!named.empty() || !is_blank(path)) return true;
  identity.first_start = true;
  return make_random_key(path, error);
}

/// Makes what is missing of the files that are the box's own. The key comes before the
/// certificate: a first start that was cut in between finds a key alone and goes on from there. A
/// certificate without its key is worthless and made anew.
bool make_missing(const IdentityFiles& files, WallTime now, Identity& identity,
                  std::string& error) {
  if (!make_missing_key(files.push_key, identity.push_key, identity, error) ||
      !make_missing_key(files.admin_key, identity.admin_key, identity, error)) {
    return false;
  }
  const bool own_pair = files.certificate.empty() && files.certificate_key.empty();
  if (!own_pair) return true;
  const bool no_key = is_blank(identity.certificate_key);
  if (no_key && !make_key_file(identity.certificate_key, error)) return false;
  if (!no_key && !is_blank(identity.certificate)) return true;
  identity.first_start = true;
  return make_certificate_file(identity, now, error);
}

bool write_marker(const IdentityFiles& files, std::string& error) {
  return write_file(marker_of(files),
                    "Bellhop has made its keys and certificate here and will not do so again: "
                    "a file that is lost later is an error.\n",
                    kOwnerOnly, error);
}

}  // namespace

bool open_identity(const IdentityFiles& files, bool check_tls, WallTime now, Identity& identity,
                   std::string& error) {
  identity.push_key = or_else(files.push_key, in_state(files, "push.key"));
  identity.admin_key = or_else(files.admin_key, in_state(files, "admin.key"));
  identity.certificate = or_else(files.certificate, in_state(files, "tls.crt"));
  identity.certificate_key = or_else(files.certificate_key, in_state(files, "tls.key"));
  if (!make_private_directory(files.state_directory, error)) return false;

  const bool fresh = never_used(files);
  if (fresh && !make_missing(files, now, identity, error)) return false;
  if (!identity.push_keys.load(identity.push_key, error)) return false;
  if (!identity.admin_keys.load(identity.admin_key, error)) return false;
  if (check_tls && !check_certificate(identity.certificate, identity.certificate_key, error)) {
    return false;
  }
  return !fresh || write_marker(files, error);
}

}  // namespace bellhop
