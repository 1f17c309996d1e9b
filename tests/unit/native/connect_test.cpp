// The errors of connect().

#include "test.hpp"
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "server/running_server.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/handshake_response.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

task<error> failure_of(std::string url, connect_options options) {
  auto opened = co_await connect(std::move(url), std::move(options));
  co_return opened ? error() : opened.error();
}

/// Accepts connections and never sends anything.
class silent_server {
 public:
  silent_server() : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {}
  [[nodiscard]] std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace

TEST_CASE("the error of a rejected opening handshake has the status, header fields and body of the response") {
  const running_server s([](server& to) {
    to.get("/busy", [](const request&) { return response::text("too many").status(503).header("Retry-After", "7"); });
  });
  const error why = native::run(failure_of("ws://127.0.0.1:" + std::to_string(s.port()) + "/busy", {}));
  CHECK(why == errc::handshake_failed);
  REQUIRE(why.response());
  CHECK(why.response()->status() == 503);
  CHECK(why.response()->header("retry-after") == "7");
  CHECK(why.response()->header("no-such-field").empty());
  CHECK(why.response()->body() == "too many");
}

TEST_CASE("cancelling connect() ends it immediately") {
  const silent_server server;
  cancellation_source stop;
  const auto cancel_soon = [](cancellation_source& what) -> task<void> {
    co_await sleep_for(20ms);
    what.cancel();
  };
  const auto both = [&]() -> task<error> {
    spawn(cancel_soon(stop));
    co_return co_await failure_of(server.url(), connect_options().cancel_on(stop));
  };
  const auto begun = std::chrono::steady_clock::now();
  CHECK(native::run(both()) == errc::cancelled);
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
  CHECK(native::run(both()) == errc::cancelled);
}
