// Receives a struct as JSON or as XML, and prints it. usage: person_server [PORT]

#include <boost/describe.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "server_arguments.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/server.hpp"
#include "twinsocket/xml.hpp"

namespace {

// Describes the members once, and their wire names where these differ. The codecs need nothing else.
struct person {
  std::string name;
  std::vector<std::string> emails;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, "Person", (name, "Name", required), (emails, "Emails"))

// The same handler for each codec.
template <class Codec>
twinsocket::task<void> receive_person(twinsocket::connection socket, const Codec& codec) {
  const auto received = co_await socket.receive<person>(codec);
  if (!received) {
    // Not a valid person: the close reason tells the client why. If the client has already closed, this does nothing.
    co_await socket.close(twinsocket::close_code::invalid_payload, received.error().detail());
    co_return;
  }
  std::cout << "Name: " << received->name << '\n';
  for (const std::string& address : received->emails) std::cout << "An email: " << address << '\n';
  std::cout << std::flush;
  co_await socket.close();
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  twinsocket::server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/person/json",
                   [](twinsocket::connection socket) { return receive_person(std::move(socket), twinsocket::json); });
  server.websocket("/person/xml",
                   [](twinsocket::connection socket) { return receive_person(std::move(socket), twinsocket::xml); });
  return serve(server, "serving on ws://127.0.0.1:PORT/person/json and /person/xml");
}
