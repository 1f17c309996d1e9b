#include "session/reconnect_machine.hpp"

#include <memory>

#include "test.hpp"
#include "session/retry_after.hpp"
#include "twinsocket/handshake_response.hpp"
#include "twinsocket/url.hpp"
#include "url/loopback.hpp"

using namespace std::chrono_literals;
using twinsocket::close_code;
using twinsocket::close_info;
using twinsocket::errc;
using twinsocket::error;
using twinsocket::reconnect_policy;
using twinsocket::detail::backoff;
using twinsocket::detail::reconnect_machine;
using twinsocket::detail::time_point;
using phase = twinsocket::reconnect_phase;

namespace {

constexpr time_point start{1h};
constexpr double half = 0.5;

close_info closed_with(int code, std::string reason = {}) {
  return {static_cast<close_code>(code), std::move(reason), true, twinsocket::close_initiator::remote};
}

error refused_with(int status, std::string retry_after = {}) {
  std::vector<twinsocket::handshake_response::header_field> headers;
  if (!retry_after.empty()) headers.emplace_back("Retry-After", std::move(retry_after));
  return error(errc::handshake_failed)
      .response(std::make_shared<twinsocket::handshake_response>(status, std::move(headers), std::string()));
}

/// A client that was open for this long and then lost its connection.
reconnect_machine lost_after(std::chrono::seconds open_for, const close_info& how = closed_with(1006),
                             const reconnect_policy& policy = {}) {
  reconnect_machine client(policy, start);
  client.connected();
  client.prepared(start);
  client.lost(how, half, start + open_for);
  return client;
}

}  // namespace

TEST_CASE("backoff draws each delay between zero and a ceiling that doubles up to max_delay") {
  backoff waits(1s, 2, 30s);
  for (const auto ceiling : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    backoff other = waits;
    CHECK(other.next(0) == 0s);
    CHECK(waits.ceiling() == ceiling);
    CHECK(waits.next(half) == ceiling / 2.0);
  }
  waits.reset();
  CHECK(waits.next(0.75) == 750ms);
}

TEST_CASE("the backoff ceiling never exceeds max_delay and never shrinks") {
  backoff short_one(10s, 2, 3s);
  CHECK(short_one.next(half) == 1500ms);
  backoff shrinking(2s, 0.1, 30s);
  CHECK(shrinking.next(half) == 1s);
  CHECK(shrinking.next(half) == 1s);
  backoff none(0s, 2, 0s);
  CHECK(none.next(half) == 0s);
  CHECK(none.next(half) == 0s);
}

TEST_CASE("a reconnect_machine connects immediately, prepares and is open") {
  reconnect_machine client({}, start);
  CHECK(client.current_phase() == phase::connecting);
  CHECK(client.due() == time_point::max());
  client.connected();
  CHECK(client.current_phase() == phase::preparing);
  client.prepared(start + 1s);
  CHECK(client.current_phase() == phase::open);
}

TEST_CASE("a failed attempt is followed by another one after the delay") {
  reconnect_machine client({}, start);
  client.failed(error(errc::connect_failed), half, start);
  CHECK(client.current_phase() == phase::waiting);
  CHECK(client.failures() == 1);
  CHECK(client.due() == start + 500ms);
  client.on_timer(start + 499ms);
  CHECK(client.current_phase() == phase::waiting);
  client.on_timer(start + 500ms);
  CHECK(client.current_phase() == phase::connecting);
  client.failed(error(errc::timed_out), half, start + 1s);
  CHECK(client.due() == start + 2s);
}

TEST_CASE("only a connection that was open for min_uptime resets failures and backoff") {
  reconnect_machine client({}, start);
  for (int i = 0; i < 3; ++i) {
    client.failed(error(errc::connect_failed), half, start);
    client.retry(start);
  }
  client.connected();
  client.prepared(start);
  SECTION("shorter than min_uptime") {
    client.lost(closed_with(1006), half, start + 9s);
    CHECK(client.failures() == 4);
    CHECK(client.due() == start + 9s + 4s);
  }
  SECTION("min_uptime") {
    client.lost(closed_with(1006), half, start + 10s);
    CHECK(client.failures() == 0);
    CHECK(client.due() == start + 10s + 500ms);
  }
}

TEST_CASE("a connection that ends while preparing counts as a failed attempt") {
  reconnect_machine client({}, start);
  client.connected();
  client.lost(closed_with(1006), half, start + 1h);
  CHECK(client.failures() == 1);
  CHECK(client.current_phase() == phase::waiting);
}

TEST_CASE("max_attempts limits consecutive failed attempts") {
  reconnect_machine client(reconnect_policy().max_attempts(3), start);
  for (int i = 0; i < 2; ++i) {
    client.failed(error(errc::connect_failed), half, start);
    CHECK(client.current_phase() == phase::waiting);
    client.retry(start);
  }
  client.failed(error(errc::connect_failed), half, start);
  CHECK(client.current_phase() == phase::closed);
}

TEST_CASE("final close codes stop reconnecting and stop_on() and reconnect_on() change them") {
  for (const int code : {1000, 1002, 1003, 1007, 1008, 1009, 1010}) {
    CAPTURE(code);
    CHECK(lost_after(1min, closed_with(code)).current_phase() == phase::closed);
    CHECK(lost_after(0s, closed_with(code)).current_phase() == phase::closed);
  }
  for (const int code : {1001, 1005, 1006, 1011, 1012, 1013, 1014, 3000, 4000, 4999}) {
    CAPTURE(code);
    CHECK(lost_after(1min, closed_with(code)).current_phase() == phase::waiting);
  }
  const auto policy = reconnect_policy()
                          .stop_on(static_cast<close_code>(4400), static_cast<close_code>(4499))
                          .reconnect_on(static_cast<close_code>(4408))
                          .reconnect_on(close_code::normal);
  CHECK(lost_after(1min, closed_with(4401), policy).current_phase() == phase::closed);
  CHECK(lost_after(1min, closed_with(4408), policy).current_phase() == phase::waiting);
  CHECK(lost_after(1min, closed_with(4500), policy).current_phase() == phase::waiting);
  CHECK(lost_after(1min, closed_with(1000), policy).current_phase() == phase::waiting);
}

TEST_CASE("final HTTP statuses and errors stop reconnecting and the policy changes the statuses") {
  const auto phase_after = [](const error& why, const reconnect_policy& policy = {}) {
    reconnect_machine client(policy, start);
    client.failed(why, half, start);
    return client.current_phase();
  };
  for (const int status : {400, 401, 403, 404, 410, 426}) CHECK(phase_after(refused_with(status)) == phase::closed);
  for (const int status : {200, 302, 408, 425, 429, 500, 503})
    CHECK(phase_after(refused_with(status)) == phase::waiting);
  CHECK(phase_after(refused_with(404), reconnect_policy().reconnect_on_status(404)) == phase::waiting);
  CHECK(phase_after(refused_with(503), reconnect_policy().stop_on_status(500, 599)) == phase::closed);
  for (const errc code : {errc::invalid_url, errc::invalid_argument, errc::unsupported, errc::cancelled})
    CHECK(phase_after(error(code)) == phase::closed);
  for (const errc code :
       {errc::resolve_failed, errc::connect_failed, errc::handshake_failed, errc::tls_failed, errc::timed_out})
    CHECK(phase_after(error(code)) == phase::waiting);
}

TEST_CASE("Retry-After in a close reason or a response delays reconnecting up to max_retry_after") {
  CHECK(lost_after(1min, closed_with(1012, "Retry-After: 7")).due() == start + 1min + 7s + 500ms);
  CHECK(lost_after(1min, closed_with(1013, "too many of you; " + twinsocket::retry_after(20s))).due() ==
        start + 1min + 20s + 500ms);
  CHECK(lost_after(1min, closed_with(1012, "Retry-After: 4294967295")).due() == start + 1min + 5min + 500ms);
  CHECK(lost_after(1min, closed_with(1012, "Retry-After: soon")).due() == start + 1min + 500ms);
  reconnect_machine client({}, start);
  client.failed(refused_with(503, "3"), half, start);
  CHECK(client.due() == start + 3500ms);
}

TEST_CASE("parse_retry_after() accepts only a number of seconds") {
  using twinsocket::detail::parse_retry_after;
  CHECK(parse_retry_after("0") == 0s);
  CHECK(parse_retry_after("120") == 120s);
  for (const char* other : {"", "-1", "1.5", "12 ", "Fri, 31 Dec 1999 23:59:59 GMT"}) {
    CAPTURE(other);
    CHECK_FALSE(parse_retry_after(other));
  }
}

TEST_CASE("offline delays are long, failures do not count and going online retries immediately") {
  reconnect_machine client(reconnect_policy().max_attempts(2), start);
  client.set_online(false, start);
  for (int i = 0; i < 10; ++i) {
    client.failed(error(errc::connect_failed), half, start);
    CHECK(client.current_phase() == phase::paused);
    CHECK(client.failures() == 0);
    CHECK(client.due() == start + 15s);
    client.on_timer(start + 15s);
    CHECK(client.current_phase() == phase::connecting);
  }
  client.failed(error(errc::connect_failed), half, start + 1h);
  CHECK(client.current_phase() == phase::paused);
  SECTION("immediately") {
    client.set_online(true, start + 1h + 1s);
    CHECK(client.current_phase() == phase::connecting);
  }
  SECTION("not before initial_delay has passed since the last attempt") {
    client.retry(start + 1h);
    client.failed(error(errc::connect_failed), half, start + 1h);
    client.set_online(true, start + 1h + 1ms);
    CHECK(client.current_phase() == phase::waiting);
    CHECK(client.due() == start + 1h + 1s);
  }
  SECTION("retry() at once") {
    client.retry(start + 1h);
    CHECK(client.current_phase() == phase::connecting);
  }
  SECTION("a final error while offline stops reconnecting") {
    client.retry(start + 1h);
    client.failed(error(errc::invalid_argument), half, start + 1h);
    CHECK(client.current_phase() == phase::closed);
  }
}

TEST_CASE("a loopback server is retried regardless of the online state") {
  reconnect_machine client({}, start, true);
  client.set_online(false, start);
  client.failed(error(errc::connect_failed), half, start);
  CHECK(client.current_phase() == phase::waiting);
  CHECK(client.due() == start + 500ms);
  CHECK(client.failures() == 1);
}

TEST_CASE("is_loopback() accepts localhost, its subdomains, 127.0.0.0/8 and ::1") {
  using twinsocket::detail::is_loopback;
  for (const char* here : {"ws://localhost/", "ws://LocalHost:80/x", "wss://a.b.localhost", "ws://localhost./",
                           "ws://127.0.0.1:9", "ws://127.8.9.1/", "ws://[::1]:8080/"}) {
    CAPTURE(here);
    CHECK(is_loopback(here));
  }
  for (const char* elsewhere :
       {"ws://example.com/", "ws://notlocalhost/", "ws://localhost.example.com/", "ws://127.example.com/",
        "ws://128.0.0.1/", "ws://10.0.0.1/", "ws://[::2]/", "nonsense", ""}) {
    CAPTURE(elsewhere);
    CHECK_FALSE(is_loopback(elsewhere));
  }
  // A browser gives the address in brackets.
  using twinsocket::detail::is_loopback_host;
  CHECK(is_loopback_host("[::1]"));
  CHECK(is_loopback_host("localhost"));
  for (const char* other : {"[::2]", "127.0.0.1a", "127.0.0.A", "127.0.0.-", "127.0.0.:", "1127.0.0.1", "."})
    CHECK_FALSE(is_loopback_host(other));
}

TEST_CASE("an inactive page makes no attempts and retries immediately when it is active again") {
  reconnect_machine client = lost_after(1min);
  client.set_active(false, start + 1min);
  CHECK(client.current_phase() == phase::waiting);
  CHECK(client.due() == time_point::max());
  client.on_timer(start + 1h);
  CHECK(client.current_phase() == phase::waiting);
  client.set_active(true, start + 1h);
  CHECK(client.current_phase() == phase::connecting);
}

TEST_CASE("a hidden page uses long delays and a visible page retries immediately") {
  reconnect_machine client({}, start);
  client.connected();
  client.prepared(start);
  client.set_visible(false, start);
  client.lost(closed_with(1006), half, start + 1min);
  CHECK(client.due() == start + 1min + 15s);
  client.set_visible(true, start + 1min + 2s);
  CHECK(client.current_phase() == phase::connecting);
}

TEST_CASE("a page that becomes visible still observes Retry-After") {
  reconnect_machine client = lost_after(1min, closed_with(1013, "Retry-After: 60"));
  client.set_visible(false, start + 1min);
  client.set_visible(true, start + 1min + 10s);
  CHECK(client.current_phase() == phase::waiting);
  CHECK(client.due() == start + 2min);
}

TEST_CASE("a closed reconnect_machine ignores all events") {
  reconnect_machine client = lost_after(1min);
  client.close();
  client.on_timer(start + 1h);
  client.retry(start + 1h);
  client.set_online(false, start + 1h);
  client.set_online(true, start + 1h);
  CHECK(client.current_phase() == phase::closed);
  CHECK(client.due() == time_point::max());
}

TEST_CASE("set_online(false) pauses a client that waits, and set_online(true) lets it continue") {
  reconnect_machine client({}, start);
  client.failed(error(errc::connect_failed), half, start);
  REQUIRE(client.current_phase() == phase::waiting);
  client.set_online(false, start + 1ms);
  CHECK(client.current_phase() == phase::paused);
  client.set_online(true, start + 2ms);
  CHECK(client.current_phase() == phase::waiting);
  CHECK(client.due() <= start + 500ms);
  client.on_timer(client.due());
  CHECK(client.current_phase() == phase::connecting);
  client.set_online(false, start + 1s);
  CHECK(client.current_phase() == phase::connecting);
}
