// Errors report how the connection ended.

#include "twinsocket/error.hpp"
#include "test.hpp"
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>

#include "manual_loop.hpp"
#include "pair_on.hpp"
#include "twinsocket/handshake_response.hpp"

using namespace twinsocket;

namespace {

task<void> receive_once(connection& from, error& into) {
  const auto got = co_await from.receive();
  if (!got) into = got.error();
}

task<void> try_to_send(connection& to, std::optional<send_result>& into) {
  into = to.try_send("late");
  co_return;
}

send_result send_to(manual_loop& loop, connection& to) {
  std::optional<send_result> sent;
  loop.run(try_to_send(to, sent));
  return *sent;
}

task<void> close(connection& which, close_code code, std::string_view reason) {
  which.close(code, reason);
  co_return;
}

}  // namespace

TEST_CASE("errors of receive(), try_send() and drained() carry the close_info") {
  manual_loop loop;
  auto pair = pair_on(loop);
  error receiving;
  loop.run(receive_once(pair.client, receiving));
  loop.run(close(pair.server, close_code(4001), "enough"));
  loop.advance(std::chrono::seconds(1));
  REQUIRE(receiving == errc::closed);
  REQUIRE(receiving.close());
  CHECK(*receiving.close() == close_info{close_code(4001), "enough", true, close_initiator::remote});
  const send_result sent = send_to(loop, pair.client);
  REQUIRE_FALSE(sent);
  REQUIRE(sent.error().close());
  CHECK(sent.error().close()->is(close_code(4001)));
  // The close result lives as long as any copy of the error.
  const error copy = receiving;
  receiving = error();
  CHECK(copy.close()->reason == "enough");
}

TEST_CASE("error::close() is null for other errors and while the connection is still closing") {
  manual_loop loop;
  auto pair = pair_on(loop);
  CHECK(error(errc::timed_out, "x").close() == nullptr);
  // The connection is still closing, so its close result is not known yet.
  std::optional<send_result> sent;
  loop.run([](connection& which, std::optional<send_result>& into) -> task<void> {
    which.close();
    into = which.try_send("late");
    co_return;
  }(pair.client, sent));
  REQUIRE_FALSE(*sent);
  CHECK(sent->error() == errc::closed);
  CHECK(sent->error().close() == nullptr);
  loop.advance(std::chrono::seconds(1));
}

TEST_CASE("each error code has a text, which is also that of the std::error_code") {
  std::set<std::string> texts;
  for (int number = static_cast<int>(errc::ok); number <= static_cast<int>(errc::wrong_thread); ++number) {
    const auto code = static_cast<errc>(number);
    const std::string text(describe(code));
    CAPTURE(number, text);
    CHECK(text != "unknown error");
    CHECK(texts.insert(text).second);
    CHECK(make_error_code(code).message() == text);
  }
  CHECK(describe(static_cast<errc>(200)) == "unknown error");
  CHECK(make_error_code(errc::closed).category().name() == std::string("twinsocket"));
}

TEST_CASE("error::message() has the text of the code, the detail and the cause") {
  const std::error_code cause = std::make_error_code(std::errc::permission_denied);
  CHECK(error(errc::system).message() == "the operating system reported an error");
  CHECK(error(errc::system, "open").message() == "the operating system reported an error: open");
  CHECK(error(errc::system, "open", cause).message() ==
        "the operating system reported an error: open (" + cause.message() + ")");
  const error only_cause(errc::connect_failed, {}, cause);
  CHECK(only_cause.message() == "cannot connect to the host (" + cause.message() + ")");
  CHECK(only_cause.cause() == cause);
  CHECK(only_cause.detail().empty());
  CHECK(error().detail().empty());
  CHECK_FALSE(error().cause());
}

TEST_CASE("response() and close() add to an error what they are given and keep the rest") {
  const auto answer = std::make_shared<handshake_response>(503, std::vector<handshake_response::header_field>(), "");
  const close_info how{close_code::going_away, "x", true, close_initiator::remote};
  error first(errc::closed);
  CHECK(first.response() == nullptr);
  first.close(how);
  CHECK(first.close()->reason == "x");
  first.response(answer);
  CHECK(first.close()->reason == "x");
  CHECK(first.response()->status() == 503);
  error second(errc::handshake_failed, "refused");
  second.response(answer).close(how);
  CHECK(second.response()->status() == 503);
  CHECK(second.close()->is(close_code::going_away));
  CHECK(second.message() == "the opening handshake failed: refused");
}

TEST_CASE("value() of a failed result throws a std::system_error with the code and the detail", "[throws]") {
  const result<int> failed = error(errc::timed_out, "too late");
  std::optional<std::system_error> thrown;
  try {
    static_cast<void>(failed.value());
  } catch (const std::system_error& e) {
    thrown = e;
  }
  REQUIRE(thrown);
  CHECK(thrown->code() == make_error_code(errc::timed_out));
  CHECK(std::string(thrown->what()).find("too late") != std::string::npos);
}

TEST_CASE("an exception closes the connections that it destroys with 1011", "[throws]") {
  manual_loop loop;
  auto pair = pair_on(loop);
  close_info seen;
  loop.run([](connection& from, close_info& into) -> task<void> { into = co_await from.closed(); }(pair.server, seen));
  loop.run([](connection& from) -> task<void> {
    try {
      const connection lost = std::move(from);
      throw std::runtime_error("broken");
    } catch (const std::runtime_error&) {
    }
    co_return;
  }(pair.client));
  CHECK(seen ==
        close_info{close_code::internal_error, "an exception ended the connection", true, close_initiator::remote});
}
