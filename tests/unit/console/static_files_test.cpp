#include "console/static_files.h"

#include <algorithm>
#include <string>

#include "console/embedded_files.h"
#include "support/text.h"

using namespace bellhop;

namespace {

constexpr StaticFile kFiles[] = {
    {"/", "text/html", "a long page, a long page", "short", "X-Own: yes\r\n"},
    {"/other", "text/plain", "another long page of text", "short", ""},
    {"/tiny", "text/plain", "tiny", "longer than tiny", ""},
    {"/part-1a2b.js", "text/javascript", "a part of it", "short", "", "public, immutable"},
};

bool has_line(const HttpAnswer& answer, std::string_view line) {
  return answer.extra_headers.find(std::string(line) + "\r\n") != std::string_view::npos;
}

std::string entity_tag(const HttpAnswer& answer) {
  const std::string_view all = answer.extra_headers;
  const std::size_t start = all.find("ETag: ") + 6;
  return std::string(all.substr(start, all.find("\r\n") - start));
}

}  // namespace

TEST_GROUP(StaticFiles) {
  StaticFiles files{kFiles};

  HttpAnswer get(std::string_view path, std::string_view accept_encoding = "",
                 std::string_view if_none_match = "") {
    return files.answer(
        {.path = path, .accept_encoding = accept_encoding, .if_none_match = if_none_match});
  }
};

TEST(StaticFiles, KnowsExactPathsOnly) {
  CHECK(files.has("/"));
  CHECK(files.has("/tiny"));
  CHECK_FALSE(files.has(""));
  CHECK_FALSE(files.has("/tin"));
  CHECK_FALSE(files.has("/tiny/"));
  CHECK_FALSE(files.has("/TINY"));
}

TEST(StaticFiles, AnswersWithTheFileAndItsHeaders) {
  const HttpAnswer answer = get("/");
  CHECK_EQUAL(200, answer.status);
  CHECK(answer.body == kFiles[0].body);
  CHECK(answer.content_type == "text/html");
  CHECK(answer.cache_control == "no-cache");
  CHECK(has_line(answer, "X-Own: yes"));
  CHECK(has_line(answer, "Vary: Accept-Encoding"));
  CHECK(has_line(answer, "X-Content-Type-Options: nosniff"));
  CHECK(has_line(answer, "Referrer-Policy: no-referrer"));
  CHECK_FALSE(has_line(answer, "Content-Encoding: gzip"));
  CHECK(answer.extra_headers.ends_with("\r\n"));
}

TEST(StaticFiles, SaysHowLongAFileMayBeKept) {
  CHECK(get("/part-1a2b.js").cache_control == "public, immutable");
}

TEST(StaticFiles, CompressesForWhoTakesItWhenThatIsShorter) {
  const HttpAnswer answer = get("/", "gzip");
  CHECK(answer.body == "short");
  CHECK(has_line(answer, "Content-Encoding: gzip"));
  CHECK(get("/tiny", "gzip").body == "tiny");
  CHECK_FALSE(has_line(get("/tiny", "gzip"), "Content-Encoding: gzip"));
}

TEST(StaticFiles, EveryEntityHasATagOfItsOwn) {
  const std::string tags[] = {entity_tag(get("/")), entity_tag(get("/", "gzip")),
                              entity_tag(get("/other")), entity_tag(get("/other", "gzip"))};
  for (const std::string& tag : tags) {
    CHECK(tag.size() > 2 && tag.starts_with('"') && tag.ends_with('"'));
    CHECK_EQUAL(1, std::count(std::begin(tags), std::end(tags), tag));
  }
  CHECK(entity_tag(get("/")) == tags[0]);
}

TEST(StaticFiles, DoesNotSendWhatTheClientHas) {
  const std::string tag = entity_tag(get("/"));
  for (const std::string& known : {tag, "W/" + tag, "\"old\", " + tag, std::string("*")}) {
    const HttpAnswer answer = get("/", "", known);
    CHECK_EQUAL(304, answer.status);
    CHECK(answer.body.empty());
    CHECK(entity_tag(answer) == tag);
  }
  CHECK_EQUAL(200, get("/", "", "\"old\"").status);
  CHECK_EQUAL(200, get("/", "gzip", tag).status);  // has the plain form, asks for the other
  CHECK_EQUAL(200, get("/other", "", tag).status);
}

TEST_GROUP(AcceptsGzip){};

TEST(AcceptsGzip, WhenNamedOrCovered) {
  for (const char* header : {"gzip", "GZIP", "deflate, gzip, br", "br;q=1.0 , gzip;q=0.5", "*",
                             "gzip; q=0.001", "*;q=0, gzip", " gzip "}) {
    CHECK_TEXT(accepts_gzip(header), header);
  }
}

TEST(AcceptsGzip, NotOtherwise) {
  for (const char* header : {"", "br", "x-gzip2", "gzip;q=0", "gzip;q=0.000, *", "gzip ; Q=0",
                             "*;q=0", "identity", ",,;", "gzipped"}) {
    CHECK_FALSE_TEXT(accepts_gzip(header), header);
  }
}

TEST_GROUP(EmbeddedFiles){};

TEST(EmbeddedFiles, AreWholeAndCompressed) {
  for (const StaticFile& file : embedded_files()) {
    CHECK_FALSE(file.body.empty());
    // A module of two lines is no shorter compressed.
    CHECK(file.gzip.size() < file.body.size() || file.body.size() < 256);
    CHECK(file.gzip.starts_with("\x1f\x8b"));
    CHECK(file.headers.empty() || file.headers.ends_with("\r\n"));
    CHECK_EQUAL(1, std::count_if(embedded_files().begin(), embedded_files().end(),
                                 [&](const StaticFile& f) { return f.path == file.path; }));
  }
}

TEST(EmbeddedFiles, HeadersFitTheAnswer) {
  StaticFiles files(embedded_files());
  for (const StaticFile& file : embedded_files()) {
    const HttpAnswer answer = files.answer({.path = file.path, .accept_encoding = "gzip"});
    CHECK(answer.extra_headers.ends_with(file.headers));
  }
}

TEST(EmbeddedFiles, PartsOfPagesAreKeptForEver) {
  std::size_t parts = 0;
  for (const StaticFile& file : embedded_files()) {
    const bool part = file.path.starts_with("/assets/");
    if (part) ++parts;
    CHECK(file.cache_control.ends_with("immutable") == part);
    if (part) CHECK(file.body.find("sourceMappingURL") == std::string_view::npos);
  }
  CHECK(parts > 0);
}

TEST(EmbeddedFiles, BuiltPagesHaveAStrictPolicy) {
  const auto page = std::find_if(embedded_files().begin(), embedded_files().end(),
                                 [](const StaticFile& file) { return file.path == "/terminal"; });
  CHECK_TRUE(page != embedded_files().end());
  CHECK(page->content_type == "text/html; charset=utf-8");
  CHECK(page->headers.starts_with("Content-Security-Policy: default-src 'none'; "));
}

TEST(EmbeddedFiles, AllTogetherAreSmall) {
  constexpr std::size_t kMostBytes = 1024 * 1024;
  std::size_t bytes = 0;
  for (const StaticFile& file : embedded_files()) bytes += file.gzip.size();
  CHECK_COMPARE(bytes, <=, kMostBytes);
}
