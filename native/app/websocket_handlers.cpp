#include "websocket_handlers.hpp"

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
  std::string text = "Name: " + escape_control(person.name) + "\n";
  for (const std::string& address : person.emails) text += "An email: " + escape_control(address) + "\n";
  const bool failed_before = standard_output().failed();
  const auto written = standard_output().write(text);
  if (!written && !failed_before) print_error(written.error().message());
}

template <class Codec>
task<void> receive_person(connection socket, const Codec& codec) {
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

task<void> send_greetings(connection socket) {
  for (int i = 0; i < 10; ++i) {
    const std::string greeting = "Hello  " + std::to_string(i);
    co_await socket.send(greeting);
    if (!co_await socket.receive()) co_return;
  }
  co_await socket.close();
}

task<void> receive_person_json(connection socket) { return receive_person(std::move(socket), json); }

task<void> receive_person_xml(connection socket) { return receive_person(std::move(socket), xml); }

task<void> send_readings(connection socket, sensor_feed& feed) {
  std::atomic<bool> answered = true;
  const auto listening = feed.subscribe([&](const std::shared_ptr<const snapshot>& now) {
    if (answered.exchange(false)) socket.try_send(now->failure() ? now->failure()->message() : now->text());
  });
  while (co_await socket.receive()) answered = true;
}

}  // namespace twinsocket::app
