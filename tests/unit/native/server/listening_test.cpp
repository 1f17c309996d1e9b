// Listeners: several addresses, Unix-domain sockets, and inherited sockets.

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.hpp"
#include <filesystem>
#include <optional>

#include "raw_client.hpp"
#include "request_text.hpp"
#include "result_text.hpp"
#include "running_server.hpp"
#include "temporary_folder.hpp"

using twinsocket::errc;
using twinsocket::listener;
using twinsocket::request;
using twinsocket::response;
using twinsocket::server;
using twinsocket::server_options;

namespace {

void add_routes(server& to) {
  to.websocket("/echo", echo);
  to.get("/who", [](const request& req) { return response::text(req.remote_address()); });
}

server_options listening_on(std::vector<listener> where, unsigned threads = 1) {
  server_options options;
  options.listeners = std::move(where);
  options.threads = threads;
  return options;
}

std::string ask_who(raw_client client) {
  client.send(get("/who"));
  return client.read_response().body;
}

// The error of listening there.
twinsocket::error refused(listener where) {
  server one(listening_on({std::move(where)}));
  const auto listening = one.listen();
  return listening ? twinsocket::error() : listening.error();
}

unsigned mode_of(const std::string& path) {
  struct stat file {};
  return ::stat(path.c_str(), &file) == 0 ? file.st_mode & 07777U : 0;
}

/// A socket that listens on a path, or is only bound to it.
class foreign_socket {
 public:
  explicit foreign_socket(const std::string& path, bool listens = true) : number_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    path.copy(to.sun_path, sizeof to.sun_path - 1);
    REQUIRE(::bind(number_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    if (listens) REQUIRE(::listen(number_, 8) == 0);
  }
  foreign_socket(const foreign_socket&) = delete;
  foreign_socket& operator=(const foreign_socket&) = delete;
  ~foreign_socket() { ::close(number_); }
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

int tcp_socket_that_listens() {
  const int made = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(made, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  REQUIRE(::listen(made, 8) == 0);
  return made;
}

}  // namespace

TEST_CASE("a server listens on several TCP addresses and Unix-domain sockets with any number of threads") {
  const unsigned threads = GENERATE(1U, 3U);
  const temporary_folder folder;
  const std::string first = (folder.path() / "first").string();
  const std::string second = (folder.path() / "second").string();
  running_server s(add_routes, listening_on({listener::unix_socket(first), listener::tcp("127.0.0.1", 0),
                                             listener::tcp("127.0.0.2", 0), listener::unix_socket(second)},
                                            threads));
  const auto addresses = s.get().addresses();
  REQUIRE(addresses.size() == 4);
  CHECK(addresses[0] == "unix:" + first);
  CHECK(addresses[1] == "127.0.0.1:" + std::to_string(s.port()));
  CHECK_THAT(addresses[2], Catch::StartsWith("127.0.0.2:"));
  CHECK(addresses[3] == "unix:" + second);
  const auto other_port = static_cast<std::uint16_t>(std::stoi(addresses[2].substr(addresses[2].find(':') + 1)));
  // More than one for each thread.
  for (int i = 0; i < 6; ++i) {
    CHECK_THAT(ask_who(raw_client(s.port())), Catch::StartsWith("127.0.0.1:"));
    CHECK_THAT(ask_who(raw_client(other_port, "127.0.0.2")), Catch::StartsWith("127.0.0."));
    CHECK(ask_who(raw_client(first)) == "unix:");
    raw_client socket(second);
    socket.send(upgrade_request("/echo") + client_text("hello"));
    CHECK(socket.read_response().status == 101);
    CHECK(socket.read_frame().payload == "hello");
  }
}

TEST_CASE("0.0.0.0 and :: may share a port although :: alone accepts both") {
  server_options options = listening_on({listener::tcp("0.0.0.0", 0)});
  std::uint16_t port = 0;
  {
    const running_server s(add_routes, options);
    port = s.port();
  }
  running_server s(add_routes, listening_on({listener::tcp("::", port), listener::tcp("0.0.0.0", port)}, 2));
  CHECK(s.get().addresses() ==
        std::vector<std::string>{"[::]:" + std::to_string(port), "0.0.0.0:" + std::to_string(port)});
  CHECK_THAT(ask_who(raw_client(port)), Catch::StartsWith("127.0.0.1:"));
}

TEST_CASE("a listener that cannot be opened fails listen() and closes the others") {
  const temporary_folder folder;
  const std::string path = (folder.path() / "socket").string();
  // An address of a documentation network (RFC 5737), which this machine does not have.
  server one(listening_on({listener::unix_socket(path), listener::tcp("192.0.2.1", 0)}));
  const auto listening = one.listen();
  REQUIRE_FALSE(static_cast<bool>(listening));
  CHECK_THAT(listening.error().message(), Catch::Contains("192.0.2.1:0"));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a Unix-domain socket file has its permissions and is removed on shutdown") {
  const temporary_folder folder;
  const std::string path = (folder.path() / "socket").string();
  for (int i = 0; i < 2; ++i) {
    running_server s(add_routes, listening_on({listener::unix_socket(path).permissions(0606)}));
    CHECK(s.port() == 0);
    CHECK(mode_of(path) == 0606);
    s.stop();
    s.wait();
    CHECK_FALSE(std::filesystem::exists(path));
  }
  const mode_t before = ::umask(0027);
  const running_server s(add_routes, listening_on({listener::unix_socket(path)}));
  ::umask(before);
  CHECK(mode_of(path) == 0750);
}

TEST_CASE("a server that never runs removes its socket file") {
  const temporary_folder folder;
  const std::string path = (folder.path() / "socket").string();
  {
    server one(listening_on({listener::unix_socket(path)}));
    REQUIRE(static_cast<bool>(one.listen()));
    CHECK(std::filesystem::exists(path));
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a stale socket file is replaced") {
  const temporary_folder folder;
  const std::string path = (folder.path() / "socket").string();
  { const foreign_socket killed(path); }
  REQUIRE(std::filesystem::exists(path));
  const running_server s(add_routes, listening_on({listener::unix_socket(path)}));
  CHECK(ask_who(raw_client(path)) == "unix:");
}

TEST_CASE("a socket file in use and other files are not replaced") {
  const temporary_folder folder;
  const std::string path = (folder.path() / "socket").string();
  {
    const running_server s(add_routes, listening_on({listener::unix_socket(path)}));
    const auto why = refused(listener::unix_socket(path));
    CHECK(why == errc::system);
    CHECK_THAT(why.message(), Catch::Contains("unix:" + path) && Catch::Contains("in use"));
    CHECK(ask_who(raw_client(path)) == "unix:");
  }
  folder.write("socket", "a letter");
  const auto why = refused(listener::unix_socket(path));
  CHECK(why == errc::invalid_argument);
  CHECK_THAT(why.message(), Catch::Contains("unix:" + path) && Catch::Contains("not a socket"));
  CHECK(std::filesystem::file_size(path) == 8);
}

TEST_CASE("a file that replaced the server's socket file is not removed") {
  const temporary_folder folder;
  const std::string path = (folder.path() / "socket").string();
  std::optional<foreign_socket> other;
  {
    const running_server s(add_routes, listening_on({listener::unix_socket(path)}));
    std::filesystem::remove(path);
    other.emplace(path);
  }
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("invalid socket paths and permissions are rejected by name") {
  const std::string longest = "/tmp/" + std::string(103, 'x');
  CHECK_THAT(refused(listener::unix_socket(longest)).message(), Catch::Contains("108 bytes") && Catch::Contains("107"));
  CHECK(refused(listener::unix_socket("")) == errc::invalid_argument);
  CHECK_THAT(refused(listener::unix_socket("/no/such/folder/socket")).message(),
             Catch::Contains("/no/such/folder/socket"));
  CHECK_THAT(refused(listener::unix_socket("/tmp/x").permissions(01000)).message(), Catch::Contains("at most 0777"));
}

TEST_CASE("a server accepts from inherited descriptors and leaves them open") {
  const unsigned threads = GENERATE(1U, 2U);
  const temporary_folder folder;
  const std::string path = (folder.path() / "socket").string();
  const foreign_socket local(path);
  const int tcp = tcp_socket_that_listens();
  {
    running_server s(add_routes,
                     listening_on({listener::descriptor(local.number()), listener::descriptor(tcp)}, threads));
    CHECK(s.get().addresses().front() == "unix:" + path);
    for (int i = 0; i < 4; ++i) {
      CHECK_THAT(ask_who(raw_client(s.port())), Catch::StartsWith("127.0.0.1:"));
      CHECK(ask_who(raw_client(path)) == "unix:");
    }
  }
  // The file does not belong to the server.
  CHECK(std::filesystem::exists(path));
  const raw_client queued(path);
  CHECK(::fcntl(tcp, F_GETFD) >= 0);
  ::close(tcp);
}

TEST_CASE("descriptors that do not accept connections are rejected by number") {
  const temporary_folder folder;
  const auto why_not = [](int number) { return refused(listener::descriptor(number)).message(); };
  CHECK_THAT(why_not(-1), Catch::Contains("the descriptor -1"));
  CHECK_THAT(why_not(0), Catch::Contains("the descriptor 0"));
  const foreign_socket silent((folder.path() / "socket").string(), false);
  CHECK_THAT(why_not(silent.number()),
             Catch::Contains("the descriptor " + std::to_string(silent.number())) && Catch::Contains("not listening"));
  const int datagrams = ::socket(AF_INET, SOCK_DGRAM, 0);
  CHECK_THAT(why_not(datagrams), Catch::Contains("not a stream socket"));
  ::close(datagrams);
}
