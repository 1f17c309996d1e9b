// Errors report how the connection ended.

#include "twinsocket/error.hpp"
#include "test.hpp"
#include <optional>
#include <set>
#include <string>

#include "manual_loop.hpp"
#include "pair_on.hpp"

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
