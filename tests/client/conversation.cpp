#include "conversation.hpp"

#include <chrono>
#include <cstdio>
#include <string_view>
#include <vector>

#include "twinsocket/connect.hpp"

using namespace std::chrono_literals;

namespace {

void say(std::string_view what, std::string_view detail = {}) {
  std::printf("%.*s %.*s\n", static_cast<int>(what.size()), what.data(), static_cast<int>(detail.size()),
              detail.data());
}

std::string text_of(const twinsocket::close_info& info) {
  return std::to_string(static_cast<int>(info.code)) + " \"" + info.reason + "\" " +
         (info.clean ? "clean" : "not clean") +
         (info.initiator == twinsocket::close_initiator::local ? " local" : " not local");
}

/// Sends a message and compares it with the echo.
twinsocket::task<bool> echo(twinsocket::connection& socket, std::string_view name, const twinsocket::message& sent) {
  if (const auto status = co_await socket.send(sent); !status) {
    say(name, status.error().message());
    co_return false;
  }
  const auto back = co_await socket.receive();
  const bool same = back && back->kind() == sent.kind() && back->text() == sent.text();
  say(name, same ? "came back" : back ? "came back different" : back.error().message());
  co_return same;
}

std::string large_text() {
  std::string text;
  while (text.size() < 300'000)
    text +=
        "gr\xC3\xB6\xC3\x9F"
        "er, \xF0\x9F\x98\x80 ";
  return text;
}

}  // namespace

twinsocket::task<int> converse(std::vector<std::string> arguments) {
  if (arguments.empty()) co_return 2;
  auto options = twinsocket::connect_options().timeout(5s);
  for (std::size_t i = 1; i < arguments.size(); ++i) options.subprotocol(arguments[i]);
  auto connected = co_await twinsocket::connect(arguments[0], options);
  if (!connected) {
    say("connect", connected.error().message());
    co_return 1;
  }
  twinsocket::connection socket = std::move(*connected);
  say("subprotocol", socket.subprotocol());

  bool good = true;
  const std::string_view with_nul("a\0b", 3);
  const std::string large = large_text();
  const std::vector<std::byte> nothing;
  const std::vector<std::byte> bytes(70'000, std::byte{0xA5});
  good &= co_await echo(socket, "text", twinsocket::message("hello"));
  good &= co_await echo(socket, "empty text", twinsocket::message(""));
  good &= co_await echo(socket, "text with a NUL", twinsocket::message(with_nul));
  good &= co_await echo(socket, "text with a byte order mark", twinsocket::message("\xEF\xBB\xBFmarked"));
  good &= co_await echo(socket, "large text", twinsocket::message(large));
  good &= co_await echo(socket, "bytes", twinsocket::message(twinsocket::message_kind::binary, bytes));
  good &= co_await echo(socket, "no bytes", twinsocket::message(twinsocket::message_kind::binary, nothing));

  // Sends a hundred messages before it receives the first.
  for (int i = 0; i < 100; ++i) socket.try_send("number " + std::to_string(i));
  int in_order = 0;
  while (in_order < 100) {
    const auto back = co_await socket.receive();
    if (!back || back->text() != "number " + std::to_string(in_order)) break;
    ++in_order;
  }
  say("in order", std::to_string(in_order));

  const auto bad = co_await socket.send("\xFF");
  say("not UTF-8", bad ? "was sent" : bad.error().message());

  co_await twinsocket::sleep_for(20ms);
  say("close", text_of(co_await socket.close(twinsocket::close_code::going_away, "enough")));
  const auto after = co_await socket.receive();
  say("after", after ? "a message" : after.error().message());
  co_return good&& in_order == 100 ? 0 : 1;
}
