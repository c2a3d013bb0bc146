#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bellhop {

enum class FileStatus : std::uint8_t { ok, missing, failed };

struct FileContent {
  std::string text;
  unsigned mode = 0;  // permission bits
};

/// Reads a regular file whole. `missing` when there is none; `failed` for everything else (not a
/// regular file, longer than max_bytes, no permission). Unless ok, `error` reads `PATH: reason`.
[[nodiscard]] FileStatus read_file(const std::string& path, std::size_t max_bytes,
                                   FileContent& content, std::string& error);

/// Replaces or makes `path` so that a power cut leaves either the old file or the whole new one:
/// a temporary file beside it, fsync, rename, fsync of the folder. Permission bits are `mode`
/// whatever the umask. False with `PATH: reason` in `error`; the temporary file is gone then.
[[nodiscard]] bool write_file(const std::string& path, std::string_view text, unsigned mode,
                              std::string& error);

/// Makes the last folder of `path` with 0700 when it is missing, durably; true when it is there
/// afterwards.
[[nodiscard]] bool make_private_directory(const std::string& path, std::string& error);

/// Makes this process the only user of the folder at `path` for as long as it lives (an flock on
/// the file `lock` in it). False, with `error`, when another one is.
[[nodiscard]] bool lock_directory(const std::string& path, std::string& error);

/// Whether something of that name exists, a dangling link included.
[[nodiscard]] bool file_exists(const std::string& path);

}  // namespace bellhop
