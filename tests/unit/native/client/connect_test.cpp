// The native client's request, and how it connects to the server.

#include "test.hpp"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <optional>

#include "fake_resolver.hpp"
#include "result_text.hpp"
#include "scripted_server.hpp"
#include "server/running_server.hpp"
#include "temporary_folder.hpp"
#include "twinsocket/handshake_response.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

using options = client_options;
using clock_type = std::chrono::steady_clock;

options within(std::chrono::milliseconds limit) { return options(connect_options().timeout(limit)); }

task<error> try_to_connect(std::string url, options how) {
  auto opened = co_await native::connect(std::move(url), std::move(how));
  if (!opened) co_return opened.error();
  opened->abort();  // These servers do not support the closing handshake.
  co_return error();
}

error outcome_of(const std::string& url, const options& how) { return native::run(try_to_connect(url, how)); }

std::string accept_upgrade(const std::string& request) { return scripted_server::open(request); }

/// A socket that listens and never accepts.
class listening_socket {
 public:
  explicit listening_socket(const char* address, std::uint16_t port = 0, int backlog = 16)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in self{};
    self.sin_family = AF_INET;
    self.sin_port = htons(port);
    ::inet_pton(AF_INET, address, &self.sin_addr);
    socklen_t size = sizeof self;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&self), size) == 0);
    REQUIRE(::listen(socket_, backlog) == 0);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&self), &size);
    port_ = ntohs(self.sin_port);
    // A full backlog drops new connections, so a client gets no response.
    for (int i = 0; backlog == 0 && i < 4; ++i) {
      const int one = fill_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      static_cast<void>(::connect(one, reinterpret_cast<sockaddr*>(&self), size));
    }
  }
  listening_socket(const listening_socket&) = delete;
  listening_socket& operator=(const listening_socket&) = delete;
  ~listening_socket() {
    for (const int one : fill_) ::close(one);
    ::close(socket_);
  }
  [[nodiscard]] std::string port() const { return std::to_string(port_); }

 private:
  int socket_;
  std::uint16_t port_ = 0;
  std::vector<int> fill_;
};

/// A connected socket to a Unix-domain listener.
int connected_to(const std::string& path) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  path.copy(to.sun_path, sizeof to.sun_path - 1);
  const int made = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::connect(made, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  return made;
}

std::size_t open_files() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

}  // namespace

TEST_CASE("the opening handshake has the headers of client_options") {
  scripted_server s(accept_upgrade);
  native::cookie_jar jar;
  jar.store(*url::parse(s.url()), "id=7");
  const error why = outcome_of(s.url("/a?b"), options()
                                                  .header("X-One", "1")
                                                  .header("X-One", "2")
                                                  .header("Cookie", "own=1")
                                                  .host("virtual.example:99")
                                                  .origin("https://page.example")
                                                  .basic_auth("jan", "s:ecret")
                                                  .cookies(jar));
  CHECK(why == errc::ok);
  const std::string req = s.requests().at(0);
  CHECK_THAT(req, Catch::StartsWith("GET /a?b HTTP/1.1\r\nHost: virtual.example:99\r\n"));
  CHECK_THAT(req, Catch::Contains("\r\nX-One: 1\r\nX-One: 2\r\n"));
  CHECK(scripted_server::header(req, "Cookie") == "id=7; own=1");
  CHECK(scripted_server::header(req, "Origin") == "https://page.example");
  CHECK(scripted_server::header(req, "Authorization") == "Basic amFuOnM6ZWNyZXQ=");
}

TEST_CASE("without options the opening handshake has no Origin, Cookie or Authorization") {
  scripted_server s(accept_upgrade);
  CHECK(outcome_of(s.url(), options()) == errc::ok);
  const std::string req = s.requests().at(0);
  for (const char* const name :
       {"Origin", "Cookie", "Authorization", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"})
    CHECK(scripted_server::header(req, name).empty());
  CHECK(scripted_server::header(req, "Host") == "127.0.0.1:" + std::to_string(s.port()));
}

TEST_CASE("invalid client_options are rejected by name before anything is sent") {
  scripted_server s(accept_upgrade);
  const auto refused = [&](const options& how) {
    const error why = outcome_of(s.url(), how);
    CHECK(why == errc::invalid_argument);
    return why.detail();
  };
  for (const char* const name : {"Host", "origin", "Connection", "UPGRADE", "Sec-WebSocket-Key",
                                 "sec-websocket-anything", "Content-Length", "Transfer-Encoding"})
    CHECK_THAT(refused(options().header(name, "x")),
               Catch::Contains("\"" + std::string(name) + "\" belongs to the handshake"));
  CHECK_THAT(refused(options().header("a b", "x")), Catch::Contains("\"a b\" is not a token"));
  CHECK_THAT(refused(options().header("X-A", "1\r\nX-B: 2")), Catch::Contains("\"X-A\""));
  CHECK_THAT(refused(options().host("a\r\nb")), Catch::Contains("Host"));
  CHECK_THAT(refused(options().origin("a\r\nb")), Catch::Contains("Origin"));
  CHECK_THAT(refused(options().basic_auth("a:b", "c")), Catch::Contains("colon"));
  CHECK_THAT(refused(options().basic_auth("a", "c").header("authorization", "x")), Catch::Contains("Authorization"));
  CHECK_THAT(refused(options().proxy("ftp://a")), Catch::Contains("ftp"));
  CHECK_THAT(refused(options().proxy("http://a").unix_socket("/b")), Catch::Contains("proxy()"));
  CHECK(s.requests().empty());
}

TEST_CASE("the error of a rejected handshake has the status, headers and the first 1,024 bytes of the body") {
  const std::string body(5'000, 'x');
  const scripted_server s([&](const std::string&) {
    return "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 5000\r\n\r\n" +
           body;
  });
  const error why = outcome_of(s.url(), options());
  CHECK(why == errc::handshake_failed);
  REQUIRE(why.response());
  CHECK(why.response()->status() == 401);
  CHECK(why.response()->header("www-authenticate") == "Basic");
  CHECK(why.response()->headers().size() == 4);
  CHECK(why.response()->body() == body.substr(0, 1'024));
}

TEST_CASE("a duplicate Sec-WebSocket-Accept or Sec-WebSocket-Protocol fails the handshake") {
  for (const std::string field : {"Sec-WebSocket-Accept: again", "Sec-WebSocket-Protocol: a"}) {
    std::string twice = field + "\r\n";
    if (field.ends_with(": a")) twice += twice;
    const scripted_server s([&](const std::string& request) { return scripted_server::open(request, twice); });
    const error why = outcome_of(s.url(), options(connect_options().subprotocol("a")));
    CHECK(why == errc::handshake_failed);
    CHECK_THAT(why.detail(), Catch::Contains("more than one " + field.substr(0, field.find(':'))));
  }
}

TEST_CASE("a status line without a reason phrase is accepted and a malformed status code is rejected") {
  for (const std::string line : {"HTTP/1.1 101 \r\n", "HTTP/1.1 101\r\n"}) {
    CAPTURE(line);
    const scripted_server s([&](const std::string& request) {
      const std::string answer = scripted_server::open(request);
      return "HTTP/1.1 100\r\n\r\n" + line + answer.substr(answer.find("\r\n") + 2);
    });
    CHECK(outcome_of(s.url(), options()) == errc::ok);
  }
  for (const std::string line : {"HTTP/1.1 10\r\n", "HTTP/1.1 1O1\r\n", "HTTP/1.1\r\n", "HTTP/1.1 101x\r\n"}) {
    CAPTURE(line);
    const scripted_server s([&](const std::string&) { return line + "\r\n"; });
    CHECK(outcome_of(s.url(), options()) == errc::handshake_failed);
  }
}

TEST_CASE("a ws URL for a TLS server and a wss URL for a plain one fail with an explanation") {
  // An alert of TLS 1.2, and the beginning of a handshake.
  for (const std::string& record :
       {std::string("\x15\x03\x01\x00\x02\x02\x46", 7), std::string("\x16\x03\x03\x00\x05hello", 10)}) {
    const scripted_server s([&](const std::string&) { return record; });
    const error why = outcome_of(s.url(), options());
    CHECK(why == errc::handshake_failed);
    CHECK(why.detail() == "127.0.0.1:" + std::to_string(s.port()) + " speaks TLS: use a wss:// URL");
  }
  const running_server plain([](server& s) { s.websocket("/", echo); });
  const error why = outcome_of("wss://127.0.0.1:" + std::to_string(plain.port()), options());
  CHECK(why == errc::tls_failed);
  CHECK_THAT(why.detail(), Catch::Contains("127.0.0.1 does not speak TLS"));
}

TEST_CASE("1xx responses before the handshake response are skipped") {
  const scripted_server s([](const std::string& request) {
    return "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + accept_upgrade(request);
  });
  CHECK(outcome_of(s.url(), options()) == errc::ok);
}

TEST_CASE("an incomplete body of a rejected handshake does not delay the error") {
  const scripted_server s(
      [&](const std::string&) { return "HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\nbecause"; });
  const auto begin = clock_type::now();
  const error why = outcome_of(s.url(), options());
  REQUIRE(why.response());
  CHECK(why.response()->body() == "because");
  CHECK(clock_type::now() - begin < 10s);
}

TEST_CASE("redirects are followed with cookies and without credentials for another server") {
  scripted_server second(accept_upgrade);
  scripted_server first([&](const std::string& request) {
    if (request.starts_with("GET /start "))
      return std::string(
          "HTTP/1.1 302 Found\r\nLocation: /next?x\r\nSet-Cookie: seen=yes\r\nContent-Length: 0\r\n\r\n");
    return "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:" + std::to_string(second.port()) +
           "/there\r\nContent-Length: 0\r\n\r\n";
  });
  native::cookie_jar jar;
  const auto how = options().basic_auth("jan", "secret").header("X-Key", "secret").cookies(jar);
  CHECK(outcome_of(first.url("/start"), how) == errc::ok);
  REQUIRE(first.requests().size() == 2);
  CHECK_THAT(first.requests()[1], Catch::StartsWith("GET /next?x "));
  CHECK(scripted_server::header(first.requests()[1], "Cookie") == "seen=yes");
  CHECK_FALSE(scripted_server::header(first.requests()[1], "Authorization").empty());
  REQUIRE(second.requests().size() == 1);
  CHECK_THAT(second.requests()[0], Catch::StartsWith("GET /there "));
  CHECK(second.requests()[0].find("secret") == std::string::npos);
  CHECK(scripted_server::header(second.requests()[0], "Authorization").empty());
}

TEST_CASE("max_redirects limits redirects. Default: 5") {
  const scripted_server s(
      [](const std::string&) { return "HTTP/1.1 301 Moved\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"; });
  const error five = outcome_of(s.url(), options());
  CHECK(five == errc::handshake_failed);
  CHECK_THAT(five.detail(), Catch::Contains("the limit is 5 redirects"));
  CHECK(s.requests().size() == 6);
  const error none = outcome_of(s.url(), options().max_redirects(0));
  REQUIRE(none.response());
  CHECK(none.response()->status() == 301);
  CHECK(none.response()->header("Location") == "/again");
}

TEST_CASE("unix_socket() connects to a Unix-domain socket and keeps the host of the URL") {
  const temporary_folder folder;
  const std::string path = folder.path() / "socket";
  const scripted_server s(accept_upgrade, path);
  native::run([](std::string where) -> task<void> {
    auto opened = co_await native::connect("ws://example.com/x", options().unix_socket(where));
    REQUIRE(opened);
    CHECK(opened->remote_address() == "unix:" + where);
    opened->abort();
  }(path));
  CHECK(scripted_server::header(s.requests().at(0), "Host") == "example.com");
  CHECK(outcome_of("ws://example.com/", options().unix_socket(path + "x")) == errc::connect_failed);
  CHECK(outcome_of("ws://example.com/", options().unix_socket(std::string(200, 'x'))) == errc::invalid_argument);
}

TEST_CASE("socket_factory() provides the connected socket") {
  const temporary_folder folder;
  const std::string path = folder.path() / "socket";
  const scripted_server s(accept_upgrade, path);
  std::string asked_for;
  const auto dial = [&](std::string host, std::uint16_t port) -> task<result<int>> {
    asked_for = host + " " + std::to_string(port);
    co_await sleep_for(1ms);
    co_return connected_to(path);
  };
  CHECK(outcome_of("ws://example.com:81/", options().socket_factory(dial)) == errc::ok);
  CHECK(asked_for == "example.com 81");
  const auto fail = [](std::string, std::uint16_t) -> task<result<int>> {
    co_return error(errc::connect_failed, "no wire");
  };
  CHECK(outcome_of("ws://example.com/", options().socket_factory(fail)).detail() == "no wire");
  const auto lie = [](std::string, std::uint16_t) -> task<result<int>> { co_return -1; };
  CHECK(outcome_of("ws://example.com/", options().socket_factory(lie)) == errc::invalid_argument);
}

TEST_CASE("cancelling while a redirect is dialled fails with errc::cancelled") {
  const temporary_folder folder;
  const std::string path = folder.path() / "socket";
  const scripted_server s(
      [](const std::string&) { return "HTTP/1.1 301 Moved\r\nLocation: //b.test/\r\nContent-Length: 0\r\n\r\n"; },
      path);
  cancellation_source stop;
  int dialled = 0;
  const auto dial = [&](std::string, std::uint16_t) -> task<result<int>> {
    if (++dialled == 2) {
      stop.cancel();
      co_return error(errc::cancelled);
    }
    co_return connected_to(path);
  };
  CHECK(outcome_of("ws://a.test/", options(connect_options().cancel_on(stop)).socket_factory(dial)) == errc::cancelled);
  CHECK(dialled == 2);
}

TEST_CASE("a refused address is followed by the next one immediately and a silent one after 250 ms") {
  scripted_server s(accept_upgrade);
  const std::string url = "ws://two.test:" + std::to_string(s.port()) + "/";
  set_addresses("two.test", {"127.0.0.2", "127.0.0.1"});
  auto begin = clock_type::now();
  CHECK(outcome_of(url, options()) == errc::ok);
  CHECK(clock_type::now() - begin < 200ms);

  const listening_socket silent("127.0.0.3", s.port(), 0);
  set_addresses("two.test", {"127.0.0.3", "127.0.0.1"});
  begin = clock_type::now();
  CHECK(outcome_of(url, options()) == errc::ok);
  const auto taken = clock_type::now() - begin;
  CHECK(taken >= 240ms);
  CHECK(taken < 900ms);
}

TEST_CASE("the error of connect() lists every address with its reason") {
  set_addresses("none.test", {"127.0.0.2", "127.0.0.4"});
  const listening_socket elsewhere("127.0.0.1");
  const error why = outcome_of("ws://none.test:" + elsewhere.port() + "/", options());
  CHECK(why == errc::connect_failed);
  CHECK(why.detail() == "none.test:" + elsewhere.port() + ", 127.0.0.2:" + elsewhere.port() +
                            ": Connection refused; 127.0.0.4:" + elsewhere.port() + ": Connection refused");
  set_addresses("nobody.test", {});
  CHECK(outcome_of("ws://nobody.test/", options()) == errc::resolve_failed);
}

TEST_CASE("timeout and cancellation end connect() in every phase") {
  const listening_socket full("127.0.0.1", 0, 0);
  const listening_socket silent("127.0.0.1");
  set_addresses("slow.test", {"127.0.0.1"});
  const blocked_lookup held("slow.test");
  const auto never = [](std::string, std::uint16_t) -> task<result<int>> {
    co_await sleep_for(300ms);
    co_return -1;
  };
  struct phase {
    std::string url;
    options how;
    std::string doing;
  };
  const std::string silent_address = "127.0.0.1:" + silent.port();
  const std::vector<phase> phases{
      {"ws://slow.test/", options(), "looking up slow.test"},
      {"ws://127.0.0.1:" + full.port(), options(), "connecting to 127.0.0.1:" + full.port()},
      {"wss://" + silent_address, options(), "the TLS handshake with 127.0.0.1"},
      {"ws://" + silent_address, options(), "waiting for the response of " + silent_address},
      {"ws://a.test/", options().proxy("http://" + silent_address),
       "opening a tunnel through the proxy http://" + silent_address},
      {"ws://a.test/", options().proxy("socks5://" + silent_address),
       "opening a tunnel through the proxy socks5://" + silent_address},
      {"ws://a.test/", options().proxy("https://" + silent_address), "the TLS handshake with 127.0.0.1"},
      {"ws://a.test/", options().socket_factory(never), "dialing a.test"},
  };
  const phase& p = phases[GENERATE(range(std::size_t{0}, std::size_t{8}))];
  CAPTURE(p.url);
  const auto begin = clock_type::now();
  {
    boost::asio::io_context io(1);
    std::optional<error> why;
    native::spawn(io.get_executor(), [](const phase& what, std::optional<error>& into) -> task<void> {
      options how = what.how;
      connect_options common;
      common.timeout(50ms);
      options limited(common);
      if (how.proxy()) limited.proxy(*how.proxy());
      if (how.socket_factory()) limited.socket_factory(how.socket_factory());
      into = co_await try_to_connect(what.url, limited);
    }(p, why));
    while (!why && clock_type::now() - begin < 10s) io.run_one_for(1s);
    REQUIRE(why);
    CHECK(*why == errc::timed_out);
    CHECK(why->detail() == p.doing + ", the limit is 50 ms");
    io.run();  // Runs nothing but the user's own function.
  }
  {
    boost::asio::io_context io(1);
    std::optional<error> why;
    cancellation_source stop;
    native::spawn(io.get_executor(),
                  [](const phase& what, cancellation_source& by, std::optional<error>& into) -> task<void> {
                    connect_options common;
                    common.cancel_on(by);
                    options limited(common);
                    if (what.how.proxy()) limited.proxy(*what.how.proxy());
                    if (what.how.socket_factory()) limited.socket_factory(what.how.socket_factory());
                    into = co_await try_to_connect(what.url, limited);
                  }(p, stop, why));
    native::spawn(io.get_executor(), [](cancellation_source& what) -> task<void> {
      co_await sleep_for(30ms);
      what.cancel();
    }(stop));
    while (!why && clock_type::now() - begin < 10s) io.run_one_for(1s);
    REQUIRE(why);
    CHECK(*why == errc::cancelled);
    io.run();
  }
  CHECK(clock_type::now() - begin < 5s);
}

TEST_CASE("the error of a proxy names its response and omits the password") {
  const auto [answer, expected] = GENERATE(table<std::string, std::string>({
      {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "answered 407 Proxy Authentication Required"},
      {"HTTP/1.1 200 OK\r\n\r\nextra", "sent data behind its response"},
      {"SSH-2.0-OpenSSH\r\n", "did not send a valid HTTP response"},
  }));
  const scripted_server proxy([&answer = answer](const std::string&) { return answer; });
  const error why =
      outcome_of("ws://example.com/", within(10s).proxy("http://jan:secret@127.0.0.1:" + std::to_string(proxy.port())));
  CHECK(why == errc::connect_failed);
  CHECK_THAT(why.message(),
             Catch::Contains("the proxy http://127.0.0.1:" + std::to_string(proxy.port()) + " " + expected));
  CHECK(why.message().find("secret") == std::string::npos);
  const std::string req = proxy.requests().at(0);
  CHECK_THAT(req, Catch::StartsWith("CONNECT example.com:80 HTTP/1.1\r\nHost: example.com:80\r\n"));
  CHECK(scripted_server::header(req, "Proxy-Authorization") == "Basic amFuOnNlY3JldA==");
}

TEST_CASE("an open connection leaks no descriptor when its io_context is destroyed") {
  const scripted_server s(accept_upgrade);
  const std::size_t before = open_files();
  {
    std::optional<connection> open;
    boost::asio::io_context io(1);
    native::spawn(io.get_executor(),
                  [](std::string url, std::optional<connection>& into, boost::asio::io_context& end) -> task<void> {
                    auto opened = co_await native::connect(url, options());
                    REQUIRE(opened);
                    into.emplace(std::move(*opened));
                    end.stop();
                  }(s.url(), open, io));
    io.run();
    REQUIRE(open);
    open.reset();
  }
  // The open descriptor is the server's end of the connection.
  CHECK(open_files() <= before + 1);
}

TEST_CASE("pending operations are destroyed with their io_context") {
  const scripted_server s(accept_upgrade);
  const listening_socket silent("127.0.0.1");
  const listening_socket full("127.0.0.1", 0, 0);
  set_addresses("slow.test", {"127.0.0.1"});
  const blocked_lookup held("slow.test");
  struct counting {
    explicit counting(int& to) : count(to) {}
    counting(const counting&) = delete;
    counting& operator=(const counting&) = delete;
    ~counting() { ++count; }
    int& count;
  };
  int destroyed = 0;
  bool is_open = false;
  const auto sleep = [&]() -> task<void> {
    const counting one(destroyed);
    co_await sleep_for(1h);
  };
  const auto wait = [&](boost::asio::io_context& io) -> task<void> {
    const counting one(destroyed);
    boost::asio::steady_timer timer(io, 1h);
    co_await timer.async_wait(native::use_task);
  };
  const auto connect = [&](std::string url) -> task<void> {
    const counting one(destroyed);
    auto opened = co_await native::connect(std::move(url), options());
    REQUIRE(opened);
    is_open = true;
    const counting connected(destroyed);
    static_cast<void>(co_await opened->receive());
  };
  const std::size_t before = open_files();
  {
    boost::asio::io_context io(1);
    native::spawn(io, std::ref(sleep));
    native::spawn(io, [&] { return wait(io); });
    for (const std::string& url : {s.url(), "ws://127.0.0.1:" + silent.port(), "ws://127.0.0.1:" + full.port(),
                                   "wss://127.0.0.1:" + silent.port(), std::string("ws://slow.test/")})
      native::spawn(io, [&connect, url] { return connect(url); });
    const auto end = clock_type::now() + 10s;
    while (!is_open && clock_type::now() < end) io.run_one_for(1s);
    CHECK(is_open);
    CHECK(destroyed == 0);
  }
  CHECK(destroyed == 8);
  CHECK(open_files() <= before + 1);  // The server's end.
}
