// A client's close frame to a server that misbehaves.

#include <chrono>
#include <string>

#include "test.hpp"
#include "scripted_server.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

// Also waits for the end of the TCP connection.
task<error> receive_until_end(std::string url, connect_options options) {
  auto opened = co_await connect(std::move(url), std::move(options));
  if (!opened) co_return opened.error();
  for (;;) {
    auto message = co_await opened->receive();
    if (message) continue;
    while (!opened->remote_address().empty()) co_await sleep_for(1ms);
    co_return message.error();
  }
}

// The code of the masked close frame at the end of the bytes, after 2 bytes of header.
int last_close_code(const std::string& bytes, std::size_t frame) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(frame + i)); };
  return at(0) == 0x88 ? (at(6) ^ at(2)) * 256 + (at(7) ^ at(3)) : 0;
}

}  // namespace

TEST_CASE("a server that floods and violates the protocol receives the client's close frame") {
  const std::string message = "\x82\x7d" + std::string(125, 'x');
  std::string flood;
  for (int i = 0; i < 20'000; ++i) flood += message;
  const std::string bytes = flood.substr(0, message.size() * 500) + std::string("\x81\x01\xff", 3) + flood;
  scripted_server server([&](const std::string& request) { return scripted_server::open(request) + bytes; });
  for (std::size_t i = 0; i < 100; ++i) {
    const error why = native::run(receive_until_end(server.url(), {}));
    REQUIRE(why == errc::invalid_utf8);
    const std::string came = server.bytes_after_requests(i + 1);
    REQUIRE(last_close_code(came, came.size() / (i + 1) * i) == 1007);
  }
}

TEST_CASE("a client ends an incomplete message of the server with 1008 after message_timeout") {
  scripted_server server(
      [&](const std::string& request) { return scripted_server::open(request) + std::string("\x81\x05hel", 5); });
  const auto options = connect_options().limits(limits().message_timeout(50ms).close_timeout(50ms));
  const error why = native::run(receive_until_end(server.url(), options));
  CHECK(why == errc::peer_timeout);
  CHECK_THAT(why.detail(), Catch::StartsWith("3 bytes of a message came in "));
  CHECK(last_close_code(server.bytes_after_requests(1), 0) == 1008);
}
