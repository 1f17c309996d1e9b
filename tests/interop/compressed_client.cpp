// A native client for servers of other libraries: compressed_client URL [WINDOW_BITS [alone]]. It offers compression
// unless WINDOW_BITS is 0, has messages of many sizes echoed, and exits with 0 if all came back unchanged.

#include <cstdlib>
#include <iostream>
#include <string>

#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/stream.hpp"

namespace {

using namespace twinsocket;

std::string prose(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "reading " + std::to_string(i * 7919 % 100'003) + ", ";
  text.resize(size);
  return text;
}

task<std::string> converse(std::string url, compression_options preferences) {
  // Room for the three echoed messages: the server may write the first ones before it reads the last.
  const connect_options common = connect_options().limits(limits().receive_queue_bytes(64 * mib));
  auto socket = co_await native::connect(std::move(url), client_options(common).compression(preferences));
  if (!socket) co_return socket.error().message();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{300}, std::size_t{70'000}, std::size_t{70'000}, 16 * mib}) {
    const std::string text = prose(size);
    co_await socket->send(text);
    co_await socket->send(std::as_bytes(std::span(text)));
    message_writer fragments(*socket, message_kind::text);
    const auto half = std::as_bytes(std::span(text)).first(size / 2);
    if (!co_await fragments.write(half)) co_return "a fragment was not written";
    if (!co_await fragments.write(std::as_bytes(std::span(text)).subspan(size / 2)))
      co_return "a fragment was not written";
    if (!co_await fragments.finish()) co_return "the fragments were not finished";
    for (const message_kind kind : {message_kind::text, message_kind::binary, message_kind::text}) {
      const auto back = co_await socket->receive();
      if (!back) co_return back.error().message();
      if (back->kind() != kind || back->text() != text) co_return "another message came back";
    }
  }
  const close_info ended = co_await socket->close();
  co_return ended.clean ? std::string() : "it did not close cleanly";
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  compression_options preferences;
  preferences.threshold(0);
  if (count > 2 && std::atoi(words[2]) == 0) {
    preferences = compression_options(false);
  } else if (count > 2) {
    preferences.server_max_window_bits(std::atoi(words[2])).client_max_window_bits(std::atoi(words[2]));
  }
  if (count > 3) preferences.server_no_context_takeover(true).client_no_context_takeover(true);
  const std::string wrong = native::run(converse(words[1], preferences));
  std::cerr << wrong;
  return wrong.empty() ? 0 : 1;
}
