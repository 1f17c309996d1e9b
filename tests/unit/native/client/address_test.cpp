// From a URL to the request: the host name that is resolved, the request line, the Host header.

#include "test.hpp"

#include <chrono>

#include "client/resolver.hpp"
#include "fake_resolver.hpp"
#include "scripted_server.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"

using namespace twinsocket;
using options = client_options;

namespace {

task<error> try_to_connect(std::string url, options how) {
  auto opened = co_await native::connect(std::move(url), std::move(how));
  if (!opened) co_return opened.error();
  opened->abort();  // These servers do not support the closing handshake.
  co_return error();
}

error outcome_of(const std::string& url, const options& how = {}) { return native::run(try_to_connect(url, how)); }

std::string accept_upgrade(const std::string& request) { return scripted_server::open(request); }

std::string first_line(const std::string& request) { return request.substr(0, request.find("\r\n")); }

}  // namespace

TEST_CASE("the request target is normalized and percent-encoded to ASCII") {
  scripted_server s(accept_upgrade);
  CHECK(outcome_of(s.url("/\xc3\xa9 \"<>^{}/../\xe6\x97\xa5?q=\xc3\xa9 \"<>'")) == errc::ok);
  CHECK(outcome_of("  HTTP:\\\\127.1:" + std::to_string(s.port()) + "/a\tb\n") == errc::ok);
  REQUIRE(s.requests().size() == 2);
  CHECK(first_line(s.requests()[0]) == "GET /%E6%97%A5?q=%C3%A9%20%22%3C%3E%27 HTTP/1.1");
  CHECK(first_line(s.requests()[1]) == "GET /ab HTTP/1.1");
  CHECK(scripted_server::header(s.requests()[1], "Host") == "127.0.0.1:" + std::to_string(s.port()));
}

TEST_CASE("an internationalized host is resolved and sent in ASCII and host() and origin() must be ASCII") {
  scripted_server s(accept_upgrade);
  set_addresses("xn--bcher-kva.test", {"127.0.0.1"});
  CHECK(outcome_of("ws://B\xc3\x9c"
                   "cher.test:" +
                   std::to_string(s.port())) == errc::ok);
  CHECK(scripted_server::header(s.requests().at(0), "Host") == "xn--bcher-kva.test:" + std::to_string(s.port()));
  for (const auto& how : {options().host("b\xc3\xbc"
                                         "cher.test"),
                          options().origin("https://b\xc3\xbc"
                                           "cher.test")}) {
    const error why = outcome_of(s.url(), how);
    CHECK(why == errc::invalid_argument);
    CHECK_THAT(why.detail(), Catch::Contains("not ASCII"));
  }
}

TEST_CASE("localhost and its subdomains resolve to the loopback address without a resolver") {
  scripted_server s(accept_upgrade);
  // localhost and names below it. A resolver must never be asked for them.
  for (const char* const host : {"localhost", "LocalHost.", "api.localhost", "a.b.localhost."}) {
    CAPTURE(host);
    CHECK(detail::is_localhost(url::parse(std::string("ws://") + host)->host()));
    CHECK(outcome_of("ws://" + std::string(host) + ":" + std::to_string(s.port())) == errc::ok);
  }
  CHECK(scripted_server::header(s.requests().at(3), "Host") == "a.b.localhost.:" + std::to_string(s.port()));
  for (const char* const host : {"notlocalhost", "localhost.example", ".", "localhost.."})
    CHECK_FALSE(detail::is_localhost(host));
}

TEST_CASE("an IPv6 zone selects the network interface") {
  const error none = outcome_of("ws://[fe80::1%25no-such-if]:9/");
  CHECK(none == errc::resolve_failed);
  CHECK(none.detail() == "fe80::1%no-such-if: there is no network interface \"no-such-if\"");
  std::string dialled;
  const auto dial = [&](std::string host, std::uint16_t) -> task<result<int>> {
    dialled = host;
    co_return error(errc::connect_failed, "no wire");
  };
  CHECK(outcome_of("ws://[FE80::1%25lo]:9/", options().socket_factory(dial)) == errc::connect_failed);
  CHECK(dialled == "fe80::1%lo");
  // No route, or no listener: but the interface is valid.
  CHECK(outcome_of("ws://[fe80::1%25lo]:9/", options(connect_options().timeout(std::chrono::seconds(1)))) !=
        errc::resolve_failed);
}
