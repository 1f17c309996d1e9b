// The tested native client: echo_client URL COUNT [compression] [keep] [server_alone] [client_alone] [server_bits=N]
// [client_bits=N]. It connects COUNT times in sequence, echoes each message until the connection ends, and prints the result
// as a line of JSON. On a text "please close CODE REASON" it closes the connection.

#include <boost/describe.hpp>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "twinsocket/json.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"

namespace {

using namespace twinsocket;

struct outcome {
  std::int32_t code = 0;
  std::string reason;
  bool clean = false;
  std::string initiator;
  std::string error;  // Of connect(), or of the last receive().
};
BOOST_DESCRIBE_STRUCT(outcome, (), (code, reason, clean, initiator, error))

std::string name_of(close_initiator who) {
  return who == close_initiator::local ? "local" : who == close_initiator::remote ? "remote" : "none";
}

constexpr std::string_view please_close = "please close ";

task<outcome> converse(std::string url, compression_options compression) {
  outcome told;
  auto socket = co_await native::connect(std::move(url), client_options().compression(compression));
  if (!socket) {
    told.error = socket.error().message();
    co_return told;
  }
  for (;;) {
    const auto received = co_await socket->receive();
    if (!received) {
      told.error = received.error().message();
      break;
    }
    const bool closes = received->is_text() && received->text().starts_with(please_close);
    if (closes) {
      const std::string order(received->text().substr(please_close.size()));
      const std::size_t space = order.find(' ');
      socket->close(static_cast<close_code>(std::atoi(order.c_str())),
                    space == std::string::npos ? std::string() : order.substr(space + 1));
    } else {
      co_await socket->send(*received);
    }
  }
  const close_info ended = co_await socket->closed();
  told.code = static_cast<std::int32_t>(ended.code);
  told.reason = ended.reason;
  told.clean = ended.clean;
  told.initiator = name_of(ended.initiator);
  co_return told;
}

task<void> converse_often(std::string url, long count, compression_options compression) {
  for (long i = 0; i < count; ++i) {
    const outcome told = co_await converse(url, compression);
    const auto line = json.encode(told);
    std::cout << (line ? line->text() : std::string_view("{}")) << '\n' << std::flush;
  }
}

compression_options options_of(int count, char** words) {
  compression_options options(false);
  for (int i = 3; i < count; ++i) {
    const std::string_view word = words[i];
    const auto number = [&] { return std::atoi(words[i] + word.find('=') + 1); };
    if (word == "compression") options = compression_options().threshold(0);
    if (word == "keep") options.server_no_context_takeover(false).client_no_context_takeover(false);
    if (word == "server_alone") options.server_no_context_takeover(true);
    if (word == "client_alone") options.client_no_context_takeover(true);
    if (word.starts_with("server_bits=")) options.server_max_window_bits(number());
    if (word.starts_with("client_bits=")) options.client_max_window_bits(number());
  }
  return options;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return 2;
  native::run(converse_often(words[1], std::atol(words[2]), options_of(count, words)));
}
