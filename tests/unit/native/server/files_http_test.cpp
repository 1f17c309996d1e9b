// Files over a real connection: what needs one to be tested.

#include <unistd.h>

#include "test.hpp"
#include <filesystem>

#include "raw_client.hpp"
#include "request_text.hpp"
#include "running_server.hpp"
#include "temporary_folder.hpp"

using twinsocket::file_options;
using twinsocket::request;
using twinsocket::response;
using twinsocket::server;

TEST_CASE("files() serves files of all sizes, ranges and HEAD on one connection") {
  const temporary_folder site;
  std::string large;
  for (int i = 0; i < 300'000; ++i) large += std::to_string(i) + "\n";
  site.write("large.txt", large);
  site.write("empty.txt", "");
  site.write("exact.bin", std::string(64 * 1024, 'x'));
  const running_server s([&](server& to) { to.files("/", site.path().string()); });
  raw_client client(s.port());
  client.send(get("/large.txt") + get("/empty.txt") + get("/exact.bin") +
              get("/large.txt", "Range: bytes=1000000-1199999\r\n") + "HEAD /large.txt HTTP/1.1\r\nHost: a\r\n\r\n" +
              get("/nowhere.txt") + get("/empty.txt"));
  CHECK(client.read_response().body == large);
  const raw_response empty = client.read_response();
  CHECK(empty.status == 200);
  CHECK(empty["content-length"] == "0");
  CHECK(client.read_response().body.size() == 64 * 1024);
  const raw_response part = client.read_response();
  CHECK(part.status == 206);
  CHECK(part["content-range"] == "bytes 1000000-1199999/" + std::to_string(large.size()));
  CHECK(part.body == large.substr(1'000'000, 200'000));
  const raw_response head = client.read_response(true);
  CHECK(head["content-length"] == std::to_string(large.size()));
  CHECK(head["content-type"] == "text/plain; charset=utf-8");
  CHECK(client.read_response().status == 404);
  CHECK(client.read_response().status == 200);
}

TEST_CASE("paths that leave the folder are rejected") {
  const temporary_folder site;
  site.write("index.html", "home");
  const running_server s([&](server& to) { to.files("/", site.path().string()); });
  const auto target =
      GENERATE("/../etc/passwd", "/..", "/a/../../etc/passwd", "/%2e%2e/etc/passwd", "/%2E%2e%2Fetc/passwd",
               "/..%2fetc/passwd", "/..%5cetc", "/%c0%ae%c0%ae/etc/passwd", "/index.html%00.txt",
               "/%252e%252e/etc/passwd", "http://localhost/../etc/passwd", "/./index.html");
  CAPTURE(target);
  raw_client client(s.port());
  client.send(get(target));
  const raw_response reply = client.read_response();
  CHECK((reply.status == 400 || reply.status == 404));
  CHECK_THAT(reply.body, !Catch::Contains("root:"));
}

TEST_CASE("folders and functions can be combined and the longest prefix applies") {
  const temporary_folder site;
  site.write("index.html", "home");
  site.write("healthz", "the file");
  site.write("assets/app.js", "run()");
  const running_server s([&](server& to) {
    to.files("/", site.path().string());
    to.files("/assets/", (site.path() / "assets").string(),
             file_options().cache_control("public, max-age=31536000, immutable"));
    to.get("/healthz", [](const request&) { return response::text("the function"); });
  });
  raw_client client(s.port());
  client.send(get("/healthz") + get("/") + get("/assets/app.js") + get("/assets?v=1") +
              "POST /index.html HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  CHECK(client.read_response().body == "the function");
  CHECK(client.read_response().body == "home");
  const raw_response asset = client.read_response();
  CHECK(asset.body == "run()");
  CHECK(asset["cache-control"] == "public, max-age=31536000, immutable");
  CHECK(client.read_response()["location"] == "/assets/?v=1");
  const raw_response post = client.read_response();
  CHECK(post.status == 405);
  CHECK(post["allow"] == "GET, HEAD");
}

TEST_CASE("a relative folder is resolved when it is added") {
  const temporary_folder site;
  site.write("site/index.html", "home");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(site.path());
  const running_server s([&](server& to) { to.files("/", "site"); });
  std::filesystem::current_path(before);
  raw_client client(s.port());
  client.send(get("/"));
  CHECK(client.read_response().body == "home");
}
