#include "websocket_handlers.hpp"

#include <atomic>
#include <string>

#include "options.hpp"
#include "output.hpp"
#include "text.hpp"
#include "twinsocket/native/byte_stream.hpp"

namespace twinsocket::app {

void print_person(const demo::person& person) {
  // One call, so that the output of several threads does not interleave.
  std::string text = "Name: " + escape_control(person.name) + "\n";
  for (const std::string& address : person.emails) text += "An email: " + escape_control(address) + "\n";
  const bool failed_before = standard_output().failed();
  const auto written = standard_output().write(text);
  if (!written && !failed_before) print_error(written.error().message());
}

task<void> echo_stream(connection socket) {
  message_reader in(socket);
  while (const auto kind = co_await in.next_message()) {
    message_writer out(socket, *kind);
    const auto copied = co_await copy(in, out);
    if (!copied || !co_await out.finish()) co_return;
  }
}

task<void> send_readings(connection socket, sensor_feed& feed) {
  std::atomic<bool> answered = true;
  const auto listening = feed.subscribe([&](const std::shared_ptr<const snapshot>& now) {
    if (answered.exchange(false)) socket.try_send(now->failure() ? now->failure()->message() : now->text());
  });
  while (co_await socket.receive()) answered = true;
}

}  // namespace twinsocket::app
