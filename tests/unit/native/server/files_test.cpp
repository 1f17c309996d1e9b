#include "server/file_server.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.hpp"
#include <filesystem>

#include "http/target.hpp"
#include "parsed_request.hpp"
#include "result_text.hpp"
#include "server/request_check.hpp"
#include "temporary_folder.hpp"

namespace fs = std::filesystem;
using twinsocket::errc;
using twinsocket::file_options;
using twinsocket::detail::file_response;
using twinsocket::detail::file_server;

namespace {

// A site, and files outside of it that must not be served.
struct site {
  site() {
    outside.write("secret.txt", "secret");
    folder.write("index.html", "<p>home");
    folder.write("app.js", "run()");
    folder.write("engine.wasm", "wasm");
    folder.write("docs/index.html", "<p>docs");
    folder.write("docs/a b.txt", "spaces");
    folder.write("empty/keep.txt", "");
    folder.write(".env", "password");
    folder.write(".git/config", "password");
    folder.write("index-is-a-folder/index.html/x", "");
  }

  [[nodiscard]] file_response get(std::string_view target, std::string_view fields = {},
                                  file_options options = {}) const {
    parsed_request p(::get(target, fields));
    REQUIRE_FALSE(twinsocket::detail::check_request(p.req, p.parser));
    const auto segments = twinsocket::detail::path_segments(p.req.path());
    REQUIRE(segments);
    const auto files = file_server::make(folder.path().string(), std::move(options));
    REQUIRE(files);
    return files->respond(p.req, *segments);
  }

  temporary_folder folder;
  temporary_folder outside;
};

std::string header(const file_response& a, std::string_view name) {
  std::string found;
  for (const auto& [n, value] : a.head.headers())
    if (n == name) found += (found.empty() ? "" : ", ") + value;
  return found;
}

std::string content(const file_response& a) {
  std::string text(static_cast<std::size_t>(a.size), '\0');
  if (a.content) text.resize(static_cast<std::size_t>(a.content.read_at(a.first, text)));
  return text;
}

void set_modified(const fs::path& file, std::time_t time) {
  const timespec times[] = {{time, 0}, {time, 0}};
  REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE("a file response has Content-Type, ETag, Last-Modified and Cache-Control") {
  const site s;
  set_modified(s.folder.path() / "app.js", 784111777);
  const file_response a = s.get("/app.js");
  CHECK(a.head.status() == 200);
  CHECK(content(a) == "run()");
  CHECK(header(a, "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(header(a, "Last-Modified") == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(header(a, "Cache-Control") == "no-cache");
  CHECK(header(a, "Accept-Ranges") == "bytes");
  CHECK(header(a, "Vary") == "Accept-Encoding");
  CHECK(header(s.get("/engine.wasm"), "Content-Type") == "application/wasm");
  CHECK(header(s.get("/empty/keep.txt"), "Content-Type") == "text/plain; charset=utf-8");
  CHECK(content(s.get("/docs/a%20b.txt")) == "spaces");
}

TEST_CASE("the ETag changes with the file and If-None-Match is answered 304") {
  const site s;
  const std::string tag = header(s.get("/app.js"), "ETag");
  CHECK_THAT(tag, Catch::StartsWith("\"") && Catch::EndsWith("\""));
  const file_response again = s.get("/app.js", "If-None-Match: " + tag + "\r\n");
  CHECK(again.head.status() == 304);
  CHECK_FALSE(again.content);
  CHECK(header(again, "ETag") == tag);
  CHECK(header(again, "Content-Type").empty());
  s.folder.write("app.js", "run(2)");
  const file_response changed = s.get("/app.js", "If-None-Match: " + tag + "\r\n");
  CHECK(changed.head.status() == 200);
  CHECK(header(changed, "ETag") != tag);
}

TEST_CASE("a range response has Content-Range and an unsatisfiable range is answered 416") {
  const site s;
  const file_response part = s.get("/app.js", "Range: bytes=1-2\r\n");
  CHECK(part.head.status() == 206);
  CHECK(content(part) == "un");
  CHECK(header(part, "Content-Range") == "bytes 1-2/5");
  const file_response none = s.get("/app.js", "Range: bytes=5-\r\n");
  CHECK(none.head.status() == 416);
  CHECK(header(none, "Content-Range") == "bytes */5");
  CHECK_FALSE(none.content);
}

TEST_CASE("a folder is answered with its index and without a trailing slash with a redirect") {
  const site s;
  CHECK(content(s.get("/")) == "<p>home");
  CHECK(content(s.get("/docs/")) == "<p>docs");
  const file_response redirected = s.get("/docs?a=b");
  CHECK(redirected.head.status() == 301);
  CHECK(header(redirected, "Location") == "/docs/?a=b");
  CHECK(s.get("/empty/").head.status() == 404);
  CHECK(s.get("/index-is-a-folder/").head.status() == 404);
  CHECK(s.get("/app.js/").head.status() == 404);
  CHECK(content(s.get("/docs/", {}, file_options().index("a b.txt"))) == "spaces");
}

TEST_CASE("the prefix of a served folder redirects to itself with a trailing slash") {
  const site s;
  parsed_request p(get("/static"));
  REQUIRE_FALSE(twinsocket::detail::check_request(p.req, p.parser));
  const auto files = file_server::make(s.folder.path().string(), {});
  REQUIRE(files);
  const file_response a = files->respond(p.req, {});
  CHECK(a.head.status() == 301);
  CHECK(header(a, "Location") == "/static/");
}

TEST_CASE("symbolic links, encoded slashes and backslashes do not lead outside the folder") {
  const site s;
  const fs::path outside = s.outside.path();
  fs::create_symlink(outside / "secret.txt", s.folder.path() / "link.txt");
  fs::create_symlink("../" + outside.filename().string() + "/secret.txt", s.folder.path() / "up.txt");
  fs::create_symlink(outside, s.folder.path() / "linked");
  fs::create_symlink("/", s.folder.path() / "root");
  const std::string name = outside.filename().string();
  const auto target = GENERATE_REF(
      std::string("/link.txt"), std::string("/up.txt"), std::string("/linked/secret.txt"), std::string("/linked/"),
      std::string("/linked"), "/root" + (outside / "secret.txt").string(), std::string("/root/etc/passwd"),
      "/..%2F" + name + "%2Fsecret.txt", "/docs%2F..%2F..%2F" + name + "%2Fsecret.txt",
      "/..%5C" + name + "%5Csecret.txt", "/docs\\..\\..\\" + name, "//" + (outside / "secret.txt").string(),
      std::string("//etc/passwd"), std::string("/docs//index.html"), std::string("/%2Fetc%2Fpasswd"),
      std::string("/..."), std::string("/docs/..."), std::string("/~root"), std::string("/\\evil.org"),
      std::string("/C:%5C"), std::string("/index.html%20"), std::string("/" + std::string(5000, 'a')),
      std::string("/") + std::string(300, 'a'));
  CAPTURE(target);
  const file_response a = s.get(target);
  CHECK(a.head.status() == 404);
  CHECK_FALSE(a.content);
  CHECK_THAT(a.head.body(), !Catch::Contains("secret\n"));
}

TEST_CASE("a sibling folder whose name begins like the served one is outside") {
  const temporary_folder all;
  all.write("site/index.html", "home");
  all.write("site-secret/a.txt", "secret");
  fs::create_symlink(all.path() / "site-secret", all.path() / "site" / "link");
  const auto files = file_server::make((all.path() / "site").string(), {});
  REQUIRE(files);
  const parsed_request p(get("/link/a.txt"));
  const std::vector<std::string> segments{"link", "a.txt"};
  CHECK(files->respond(p.req, segments).head.status() == 404);
}

TEST_CASE("dot files are answered 404, also through symbolic links") {
  const site s;
  fs::create_symlink(".env", s.folder.path() / "settings");
  fs::create_symlink(".git", s.folder.path() / "git");
  const auto target = GENERATE("/.env", "/%2eenv", "/.git/config", "/.git/", "/.git", "/settings", "/git/config");
  CAPTURE(target);
  CHECK(s.get(target).head.status() == 404);
}

TEST_CASE("symbolic links within the folder are followed") {
  const site s;
  fs::create_symlink("app.js", s.folder.path() / "newest.js");
  fs::create_symlink("docs", s.folder.path() / "manual");
  CHECK(content(s.get("/newest.js")) == "run()");
  CHECK(content(s.get("/manual/")) == "<p>docs");
}

TEST_CASE("the served folder may be a symbolic link that changes") {
  const temporary_folder all;
  all.write("v1/index.html", "one");
  all.write("v2/index.html", "two");
  fs::create_directory_symlink("v1", all.path() / "current");
  const auto files = file_server::make((all.path() / "current").string(), {});
  REQUIRE(files);
  const parsed_request p(get("/"));
  const std::vector<std::string> segments{""};
  CHECK(content(files->respond(p.req, segments)) == "one");
  fs::remove(all.path() / "current");
  fs::create_directory_symlink("v2", all.path() / "current");
  CHECK(content(files->respond(p.req, segments)) == "two");
}

TEST_CASE("a symbolic link loop and a named pipe are answered 404") {
  const site s;
  fs::create_symlink("round", s.folder.path() / "round");
  REQUIRE(::mkfifo((s.folder.path() / "pipe").c_str(), 0600) == 0);
  CHECK(s.get("/round").head.status() == 404);
  CHECK(s.get("/pipe").head.status() == 404);
}

TEST_CASE("an unreadable file is answered 403") {
  if (::geteuid() == 0) return;  // Root may read everything.
  const site s;
  fs::permissions(s.folder.path() / "app.js", fs::perms::none);
  CHECK(s.get("/app.js").head.status() == 403);
}

TEST_CASE("a precompressed file is selected by Accept-Encoding") {
  const site s;
  s.folder.write("app.js.br", "br");
  s.folder.write("app.js.gz", "gz");
  s.folder.write("engine.wasm.gz", "gz");
  struct row {
    const char* target;
    const char* accept;
    const char* coding;
    const char* text;
  };
  const auto r = GENERATE(row{"/app.js", "gzip, br", "br", "br"}, row{"/app.js", "gzip", "gzip", "gz"},
                          row{"/app.js", "identity", "", "run()"}, row{"/app.js", "br;q=0.1, gzip", "gzip", "gz"},
                          row{"/engine.wasm", "br, gzip", "gzip", "gz"}, row{"/engine.wasm", "br", "", "wasm"},
                          row{"/docs/index.html", "br", "", "<p>docs"});
  CAPTURE(r.target, r.accept);
  const file_response a = s.get(r.target, "Accept-Encoding: " + std::string(r.accept) + "\r\n");
  CHECK(a.head.status() == 200);
  CHECK(header(a, "Content-Encoding") == r.coding);
  CHECK(content(a) == r.text);
  CHECK(header(a, "Content-Type") == header(s.get(r.target), "Content-Type"));
  CHECK(header(a, "Vary") == "Accept-Encoding");
  if (*r.coding) CHECK(header(a, "ETag") != header(s.get(r.target), "ETag"));
}

TEST_CASE("a precompressed file older than the original is not used") {
  const site s;
  s.folder.write("app.js.gz", "old");
  set_modified(s.folder.path() / "app.js.gz", 1000);
  CHECK(content(s.get("/app.js", "Accept-Encoding: gzip\r\n")) == "run()");
}

TEST_CASE("a precompressed file without the original is answered 404") {
  const site s;
  s.folder.write("only.js.gz", "gz");
  CHECK(s.get("/only.js", "Accept-Encoding: gzip\r\n").head.status() == 404);
}

TEST_CASE("a precompressed file that links outside the folder is not used") {
  const site s;
  fs::create_symlink(s.outside.path() / "secret.txt", s.folder.path() / "app.js.gz");
  CHECK(content(s.get("/app.js", "Accept-Encoding: gzip\r\n")) == "run()");
}

TEST_CASE("file_options headers are added to responses") {
  const site s;
  const file_response a =
      s.get("/app.js", {}, file_options().cache_control("max-age=60").header("X-Frame-Options", "DENY"));
  CHECK(header(a, "Cache-Control") == "max-age=60");
  CHECK(header(a, "X-Frame-Options") == "DENY");
}

TEST_CASE("files() rejects a missing folder by name") {
  const site s;
  for (const std::string& name : {s.folder.path().string() + "/nowhere", s.folder.path().string() + "/app.js"}) {
    const auto files = file_server::make(name, {});
    REQUIRE_FALSE(files);
    CHECK(files.error() == errc::invalid_argument);
    CHECK_THAT(files.error().detail(), Catch::Contains(name));
  }
}
