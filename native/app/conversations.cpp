#include "conversations.hpp"

#include <atomic>
#include <string>

#include "demo-site/messages.hpp"
#include "options.hpp"
#include "output.hpp"
#include "text.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/byte_stream.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket::app {

namespace {

// One call, so that the output of several threads does not interleave.
void print(const demo::person& person) {
  std::string text = "Name: " + printable(person.name) + "\n";
  for (const std::string& address : person.emails) text += "An email: " + printable(address) + "\n";
  const bool failed_before = standard_output().failed();
  const auto written = standard_output().write(text);
  if (!written && !failed_before) complain(written.error().message());
}

template <class Codec>
task<void> meet(connection socket, const Codec& codec) {
  const auto person = co_await socket.receive<demo::person>(codec);
  if (person) {
    print(*person);
    co_await socket.close();
  } else {
    // close() has no effect if receive() failed because the connection ended.
    co_await socket.close(close_code::invalid_payload, person.error().detail());
  }
}

}  // namespace

task<void> echo(connection socket) {
  while (const auto message = co_await socket.receive()) co_await socket.send(*message);
}

task<void> echo_stream(connection socket) {
  message_reader in(socket);
  while (const auto kind = co_await in.next_message()) {
    message_writer out(socket, *kind);
    const auto copied = co_await copy(in, out);
    if (!copied || !co_await out.finish()) co_return;
  }
}

task<void> say_hello(connection socket) {
  for (int i = 0; i < 10; ++i) {
    const std::string greeting = "Hello  " + std::to_string(i);
    co_await socket.send(greeting);
    if (!co_await socket.receive()) co_return;
  }
  co_await socket.close();
}

task<void> meet_in_json(connection socket) { return meet(std::move(socket), json); }

task<void> meet_in_xml(connection socket) { return meet(std::move(socket), xml); }

task<void> send_temperatures(connection socket, sensor_feed& feed) {
  std::atomic<bool> answered = true;
  const auto listening = feed.subscribe([&](const std::shared_ptr<const snapshot>& now) {
    if (answered.exchange(false)) socket.try_send(now->failure() ? now->failure()->message() : now->text());
  });
  while (co_await socket.receive()) answered = true;
}

}  // namespace twinsocket::app
