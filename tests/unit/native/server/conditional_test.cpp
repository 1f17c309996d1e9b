#include "server/conditional.hpp"

#include "test.hpp"
#include <ostream>

#include "parsed_request.hpp"

using twinsocket::detail::preferred_codings;
using twinsocket::detail::representation;
using twinsocket::detail::select_range;
using twinsocket::detail::selection;

namespace twinsocket::detail {
std::ostream& operator<<(std::ostream& out, const selection& s) {
  return out << s.status << " " << s.first << "+" << s.size;
}
}  // namespace twinsocket::detail

namespace {

constexpr const char* before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr const char* then = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* after = "Sun, 06 Nov 1994 08:49:38 GMT";
const representation hundred{.etag = "\"tag\"", .modified = 784111777, .size = 100};

selection select(const std::string& fields, const representation& whole = hundred) {
  return select_range(parsed_request(get("/", fields)).req, whole);
}
std::string line(std::string_view name, std::string_view value) {
  return std::string(name) + ": " + std::string(value) + "\r\n";
}
constexpr selection whole{.status = 200, .first = 0, .size = 100};

}  // namespace

TEST_CASE("preconditions are evaluated in the order of RFC 9110, section 13.2.2") {
  struct row {
    std::string fields;
    unsigned status;
  };
  const auto r =
      GENERATE(row{"", 200}, row{line("If-None-Match", "\"tag\""), 304}, row{line("If-None-Match", "W/\"tag\""), 304},
               row{line("If-None-Match", "\"other\""), 200}, row{line("If-None-Match", "*"), 304},
               row{line("If-None-Match", "\"a,b\", \"tag\""), 304}, row{line("If-None-Match", "\"a\",W/\"tag\""), 304},
               row{line("If-None-Match", "\"a\"") + line("If-None-Match", "\"tag\""), 304},
               row{line("If-None-Match", "tag"), 200}, row{line("If-None-Match", "\"tag"), 200},
               row{line("If-None-Match", "\"x\"tag\""), 200}, row{line("If-Modified-Since", then), 304},
               row{line("If-Modified-Since", after), 304}, row{line("If-Modified-Since", before), 200},
               row{line("If-Modified-Since", "yesterday"), 200},
               row{line("If-None-Match", "\"other\"") + line("If-Modified-Since", then), 200},
               row{line("If-Match", "\"tag\""), 200}, row{line("If-Match", "*"), 200},
               row{line("If-Match", "\"other\""), 412}, row{line("If-Match", "W/\"tag\""), 412},
               row{line("If-Unmodified-Since", before), 412}, row{line("If-Unmodified-Since", then), 200},
               row{line("If-Match", "\"tag\"") + line("If-Unmodified-Since", before), 200},
               row{line("If-Match", "\"tag\"") + line("If-None-Match", "\"tag\""), 304});
  CAPTURE(r.fields);
  CHECK(select(r.fields).status == r.status);
}

TEST_CASE("a single byte range is served with 206 or rejected with 416") {
  struct row {
    const char* range;
    selection part;
  };
  const auto r =
      GENERATE(row{"bytes=0-9", {206, 0, 10}}, row{"bytes=90-99", {206, 90, 10}}, row{"bytes=90-", {206, 90, 10}},
               row{"bytes=90-1000", {206, 90, 10}}, row{"bytes=0-0", {206, 0, 1}}, row{"bytes=-10", {206, 90, 10}},
               row{"bytes=-1000", {206, 0, 100}}, row{"Bytes = 0-9", {206, 0, 10}},
               row{"bytes=0-99999999999999999999999", {206, 0, 100}}, row{"bytes=100-", {416, 0, 0}},
               row{"bytes=100-200", {416, 0, 0}}, row{"bytes=-0", {416, 0, 0}},
               row{"bytes=99999999999999999999999-", {416, 0, 0}});
  CAPTURE(r.range);
  CHECK(select(line("Range", r.range)) == r.part);
}

TEST_CASE("an invalid range or a list of ranges is answered with the whole representation") {
  const auto range = GENERATE("lines=0-9", "bytes", "bytes=", "bytes=-", "bytes=9-0", "bytes=a-b", "bytes=0-9,20-29",
                              "bytes=+1-2", "bytes=--5", "bytes=0x1-2", "bytes=1-2-3", "bytes=1 -2");
  CAPTURE(range);
  CHECK(select(line("Range", range)) == whole);
}

TEST_CASE("two Range headers are answered with the whole representation") {
  CHECK(select(line("Range", "bytes=0-1") + line("Range", "bytes=0-1")) == whole);
}

TEST_CASE("a range of an empty representation is not satisfiable") {
  const representation empty{.etag = "\"e\"", .modified = 0, .size = 0};
  CHECK(select(line("Range", "bytes=0-"), empty).status == 416);
  CHECK(select(line("Range", "bytes=-5"), empty).status == 416);
  CHECK(select("", empty) == selection{.status = 200, .first = 0, .size = 0});
}

TEST_CASE("Range applies only if If-Range matches the representation") {
  const std::string range = line("Range", "bytes=0-9");
  const selection part{.status = 206, .first = 0, .size = 10};
  CHECK(select(range + line("If-Range", "\"tag\"")) == part);
  CHECK(select(range + line("If-Range", "\"other\"")) == whole);
  CHECK(select(range + line("If-Range", "W/\"tag\"")) == whole);
  CHECK(select(range + line("If-Range", then)) == part);
  CHECK(select(range + line("If-Range", after)) == whole);
  CHECK(select(range + line("If-Range", "soon")) == whole);
}

TEST_CASE("Range is ignored for HEAD") {
  const parsed_request head("HEAD / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9\r\n\r\n");
  CHECK(select_range(head.req, hundred) == whole);
}

TEST_CASE("preferred_codings() orders br and gzip by their quality values") {
  struct row {
    const char* accept;
    const char* first;
    const char* second;
  };
  const auto r =
      GENERATE(row{"gzip, deflate, br", "br", "gzip"}, row{"gzip", "gzip", ""}, row{"br", "br", ""},
               row{"BR;q=0.5, GZIP;q=0.9", "gzip", "br"}, row{"x-gzip", "gzip", ""}, row{"*", "br", "gzip"},
               row{"*;q=0.1, gzip;q=1.0", "gzip", "br"}, row{"br;q=0, *", "gzip", ""},
               row{"br;q=0.000, gzip;q=0.001, identity;q=0", "gzip", ""}, row{"gzip;q=0", "", ""},
               row{"identity", "", ""}, row{"", "", ""}, row{"gzip;q=0.5, identity;q=0.8", "", ""},
               row{"deflate", "", ""}, row{"gzip;q=2", "", ""}, row{"gzip;q=x", "", ""}, row{"gzip;q=1.5", "gzip", ""},
               row{"gzip ; q=0.3", "gzip", ""}, row{",, gzip ,", "gzip", ""}, row{"gzip;level=9", "gzip", ""});
  CAPTURE(r.accept);
  const parsed_request req(get("/", line("Accept-Encoding", r.accept)));
  const auto liked = preferred_codings(req.req);
  CHECK(liked.first == r.first);
  CHECK(liked.second == r.second);
}

TEST_CASE("without Accept-Encoding no content coding is selected") {
  CHECK(preferred_codings(parsed_request(get("/")).req).first.empty());
}
