#include "platform/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "platform/descriptor.h"

namespace bellhop {
namespace {

std::string describe(const std::string& path, std::string_view doing) {
  return path + ": cannot " + std::string(doing) + ": " + std::strerror(errno);
}

/// Reads until the end of the file or until `text` is full; false on a read error.
bool read_all(int fd, std::string& text, std::size_t& size) {
  size = 0;
  while (size < text.size()) {
    const ssize_t got = read(fd, text.data() + size, text.size() - size);
    if (got == 0) return true;
    if (got < 0 && errno != EINTR) return false;
    if (got > 0) size += static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno != EINTR) return false;
    if (put > 0) text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// A rename is durable only once its folder is on the disk.
bool sync_folder(const std::string& folder) {
  const Descriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && fsync(fd.get()) == 0;
}

}  // namespace

FileStatus read_file(const std::string& path, std::size_t max_bytes, FileContent& content,
                     std::string& error) {
  // O_NONBLOCK: opening a pipe must not wait for its writer before fstat can refuse it.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    const bool missing = errno == ENOENT;
    error = missing ? path + ": the file is missing" : describe(path, "open the file");
    return missing ? FileStatus::missing : FileStatus::failed;
  }
  struct stat status {};
  if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    error = path + ": not a regular file";
    return FileStatus::failed;
  }
  std::string text(max_bytes + 1, '\0');
  std::size_t size = 0;
  if (!read_all(fd.get(), text, size)) {
    error = describe(path, "read the file");
    return FileStatus::failed;
  }
  if (size > max_bytes) {
    error = path + ": the file is larger than " + std::to_string(max_bytes) + " bytes";
    return FileStatus::failed;
  }
  text.resize(size);
  content = {std::move(text), status.st_mode & 07777u};
  return FileStatus::ok;
}

bool write_file(const std::string& path, std::string_view text, unsigned mode, std::string& error) {
  std::string temporary = path + ".XXXXXX";
  const Descriptor fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) {
    error = describe(path, "make a temporary file beside it");
    return false;
  }
  const bool written = fchmod(fd.get(), mode) == 0 && write_all(fd.get(), text) &&
                       fsync(fd.get()) == 0 && std::rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    error = describe(path, "write the file");
    unlink(temporary.c_str());
    return false;
  }
  if (sync_folder(parent_of(path))) return true;
  error = describe(path, "sync its folder");
  return false;
}

bool make_private_directory(const std::string& path, std::string& error) {
  struct stat status {};
  const bool made = mkdir(path.c_str(), 0700) == 0;
  if ((!made && errno != EEXIST) || (made && !sync_folder(parent_of(path)))) {
    error = describe(path, "make the folder");
    return false;
  }
  if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    error = path + ": not a folder";
    return false;
  }
  return true;
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

bool lock_directory(const std::string& path, std::string& error) {
  const std::string file = path + "/lock";
  // Never closed: the lock goes with the process, however that ends.
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
  error = errno == EWOULDBLOCK ? path + ": another bellhop serves from this folder"
                               : file + ": " + std::strerror(errno);
  if (fd >= 0) close(fd);
  return false;
}

}  // namespace bellhop
