// Repeats one whole conversation and makes the first allocation or system call of one side fail, then the second, and so
// on. Whatever fails, the conversation ends in time, and the next one with the same server succeeds.

#include <chrono>
#include <cstdlib>
#include <string>

#include "test.hpp"
#include "failing.hpp"
#include "server/running_server.hpp"
#include "tls/authority.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/ping.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/stream.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

constexpr auto patience = 10s;

struct setup {
  const char* name;
  bool tls;
  bool compressed;
};

const authority& ca() {
  static const authority one;
  return one;
}

server_options options_of(const setup& how) {
  server_options options;
  if (how.tls) {
    const certificate_and_key own = ca().issue("IP:127.0.0.1");
    options.certificate = tls_certificate::pem(own.certificate, own.key);
  }
  if (how.compressed) options.websockets.compression(compression_options().threshold(0));
  return options;
}

client_options client_options_of(const setup& how) {
  client_options options(connect_options().timeout(patience));
  options.no_proxy();
  if (how.tls) options.tls(tls_options().ca_pem(ca().pem()));
  if (how.compressed) options.compression(compression_options().threshold(0));
  return options;
}

/// The text of an error, which begins with "late" for a timeout. "" stands for success.
std::string text_of(const error& e) { return (e == errc::timed_out ? "late: " : "failed: ") + e.message(); }

task<std::string> echo_once(connection& socket, std::string_view text) {
  const auto sent = co_await socket.send(text);
  if (!sent) co_return text_of(sent.error());
  const receive_options in_time = receive_options().timeout(patience);
  const auto back = co_await socket.receive(in_time);
  if (!back) co_return text_of(back.error());
  co_return back->text() == text ? "" : "failed: something else came back";
}

task<std::string> converse(std::string url, client_options options) {
  auto socket = co_await native::connect(std::move(url), std::move(options));
  if (!socket) co_return text_of(socket.error());
  std::string long_text;
  for (int i = 0; long_text.size() < 200'000; ++i) long_text += std::to_string(i * i);
  for (const std::string_view text : {std::string_view("hello"), std::string_view(long_text), std::string_view()}) {
    std::string failed = co_await echo_once(*socket, text);
    if (!failed.empty()) co_return failed;
  }
  message_writer out(*socket, message_kind::text);
  for (const char* part : {"one", "two"}) {
    const auto written = co_await out.write(std::as_bytes(std::span(part, 3)));
    if (!written) co_return text_of(written.error());
  }
  const auto finished = co_await out.finish();
  if (!finished) co_return text_of(finished.error());
  const receive_options in_time = receive_options().timeout(patience);
  const auto joined = co_await socket->receive(in_time);
  if (!joined) co_return text_of(joined.error());
  if (joined->text() != "onetwo") co_return "failed: something else came back";
  const auto answered = co_await ping(*socket);
  if (!answered) co_return text_of(answered.error());
  const close_info end = co_await socket->close();
  co_return end.clean ? "" : "failed: not closed cleanly";
}

/// std::bad_alloc may also leave the client's own coroutine frames, as in a user's program.
std::string talk(std::uint16_t port, const setup& how) {
  const auto begin = std::chrono::steady_clock::now();
  std::string outcome;
  try {
    const std::string url = (how.tls ? "wss" : "ws") + std::string("://127.0.0.1:") + std::to_string(port) + "/echo";
    outcome = native::run(converse(url, client_options_of(how)));
  } catch (const std::exception& thrown) {
    outcome = std::string("failed: ") + thrown.what();
  }
  if (std::chrono::steady_clock::now() - begin >= patience) outcome = "late: " + outcome;
  return outcome;
}

// For debugging.
std::size_t first_number() {
  const char* const text = std::getenv("TWINSOCKET_FAULT_FROM");
  return text ? std::strtoul(text, nullptr, 10) : 1;
}

// A TLS handshake makes thousands of similar allocations in OpenSSL, of which a sample is enough. TWINSOCKET_FAULT_EVERY=1
// fails all of them.
std::size_t after(std::size_t number, resource what, const setup& how) {
  static const bool every = std::getenv("TWINSOCKET_FAULT_EVERY") != nullptr;
  if (every || what != resource::memory || !how.tls || number < 60) return number + 1;
  return number + (number < 300 ? 3 : 97);
}

void fail_one_after_the_other(resource what, side which, const setup& how) {
  const running_server s(
      [&](server& to) {
        to.websocket("/echo", [](connection socket) -> task<void> {
          this_thread_is(side::server);
          while (const auto message = co_await socket.receive()) co_await socket.send(*message);
        });
      },
      options_of(how));
  this_thread_is(side::client);
  REQUIRE(talk(s.port(), how) == "");
  std::size_t number = first_number();
  for (std::size_t count = 1;; number = after(number, what, how), ++count) {
    CAPTURE(how.name, number);
    fail_at(what, which, number);
    const std::string outcome = talk(s.port(), how);
    const bool failed = stop_failing();
    REQUIRE_THAT(outcome, !Catch::StartsWith("late"));
    REQUIRE(talk(s.port(), how) == "");
    if (failed) continue;
    REQUIRE(outcome == "");
    WARN(how.name << ": " << count - 1 << " failures");
    break;
  }
}

}  // namespace

TEST_CASE("a server with a failing allocation loses at most one connection") {
  fail_one_after_the_other(
      resource::memory, side::server,
      GENERATE(setup{"plain", false, false}, setup{"deflate", false, true}, setup{"tls", true, true}));
}

TEST_CASE("a client with a failing allocation fails and the next one succeeds") {
  fail_one_after_the_other(
      resource::memory, side::client,
      GENERATE(setup{"plain", false, false}, setup{"deflate", false, true}, setup{"tls", true, true}));
}

TEST_CASE("a server with a failing system call loses at most one connection") {
  fail_one_after_the_other(resource::system, side::server,
                           GENERATE(setup{"plain", false, false}, setup{"tls", true, true}));
}

TEST_CASE("a client with a failing system call fails and the next one succeeds") {
  fail_one_after_the_other(resource::system, side::client,
                           GENERATE(setup{"plain", false, false}, setup{"tls", true, true}));
}
