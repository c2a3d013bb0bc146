#include "console/static_files.h"

#include <strings.h>

#include <cassert>
#include <cinttypes>
#include <cstdio>

namespace bellhop {
namespace {

constexpr std::string_view kBlank = " \t";

/// FNV-1a: entity tags need to differ when bytes differ, not to withstand anybody.
std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  return hash;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// Cuts the part before `separator` off the front of `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = trim(rest.substr(0, end));
  rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// `q=0`, `q=0.000`: not wanted at all.
bool is_zero_quality(std::string_view parameter) {
  std::string_view value = parameter;
  if (!same_word(take(value, '='), "q") || value.empty()) return false;
  return value.find_first_not_of("0. ") == value.npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    std::string_view parameters = take(accept_encoding, ',');
    const std::string_view coding = take(parameters, ';');
    const bool wanted = !is_zero_quality(parameters);
    if (same_word(coding, "gzip")) return wanted;  // says more than any `*`
    if (coding == "*") any = wanted;
  }
  return any;
}

StaticFiles::StaticFiles(std::span<const StaticFile> files) : files_(files), hashes_(files.size()) {
  for (std::size_t i = 0; i < files.size(); ++i) hashes_[i] = hash_of(files[i].body);
}

const StaticFile* StaticFiles::find(std::string_view path) const {
  for (const StaticFile& file : files_) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

HttpAnswer StaticFiles::answer(const HttpRequest& request) {
  const StaticFile* file = find(request.path);
  assert(file != nullptr);
  const bool gzip = file->gzip.size() < file->body.size() && accepts_gzip(request.accept_encoding);
  std::array<char, 32> tag;  // the compressed form is another entity
  std::snprintf(tag.data(), tag.size(), "\"%016" PRIx64 "%s\"",
                hashes_[static_cast<std::size_t>(file - files_.data())], gzip ? "-gzip" : "");
  const int size =
      std::snprintf(headers_.data(), headers_.size(),
                    "ETag: %s\r\nVary: Accept-Encoding\r\n%sX-Content-Type-Options: nosniff\r\n"
                    "Referrer-Policy: no-referrer\r\n%.*s",
                    tag.data(), gzip ? "Content-Encoding: gzip\r\n" : "",
                    static_cast<int>(file->headers.size()), file->headers.data());
  assert(size > 0 && static_cast<std::size_t>(size) < headers_.size());
  HttpAnswer answer = {.status = 200,
                       .content_type = file->content_type,
                       .body = gzip ? file->gzip : file->body,
                       .extra_headers = {headers_.data(), static_cast<std::size_t>(size)},
                       .cache_control = file->cache_control};
  const std::string_view known = request.if_none_match;
  if (known == "*" || known.find(tag.data()) != known.npos) {
    answer.status = 304;
    answer.body = {};
  }
  return answer;
}

}  // namespace bellhop
