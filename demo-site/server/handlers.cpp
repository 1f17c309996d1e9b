#include "demo-site/server/handlers.hpp"

#include <string>
#include <utility>

#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket::app {

namespace {

template <class Codec>
task<void> receive_person(connection socket, const Codec& codec, person_hook received) {
  const auto person = co_await socket.receive<demo::person>(codec);
  if (person) {
    received(*person);
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

task<void> send_greetings(connection socket) {
  for (int i = 0; i < 10; ++i) {
    const std::string greeting = "Hello  " + std::to_string(i);
    co_await socket.send(greeting);
    if (!co_await socket.receive()) co_return;
  }
  co_await socket.close();
}

task<void> receive_person_json(connection socket, person_hook received) {
  return receive_person(std::move(socket), json, std::move(received));
}

task<void> receive_person_xml(connection socket, person_hook received) {
  return receive_person(std::move(socket), xml, std::move(received));
}

}  // namespace twinsocket::app
