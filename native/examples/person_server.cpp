// Receives a struct as JSON or as XML, and prints it. usage: person_server [PORT]

#include <boost/describe.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "server_words.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/server.hpp"
#include "twinsocket/xml.hpp"

namespace {

// The members once, and their names on the wire where they differ: all that a codec needs to know.
struct person {
  std::string name;
  std::vector<std::string> emails;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, "Person", (name, "Name", required), (emails, "Emails"))

// The same conversation in each form: the codec is all that differs.
template <class Codec>
twinsocket::task<void> meet(twinsocket::connection socket, const Codec& codec) {
  const auto somebody = co_await socket.receive<person>(codec);
  if (!somebody) {
    // A document that is not a person: its reason goes back to the client. Nothing happens where the client has left.
    co_await socket.close(twinsocket::close_code::invalid_payload, somebody.error().detail());
    co_return;
  }
  std::cout << "Name: " << somebody->name << '\n';
  for (const std::string& address : somebody->emails) std::cout << "An email: " << address << '\n';
  std::cout << std::flush;
  co_await socket.close();
}

}  // namespace

int main(int count, char** words) {
  const auto port = read_server_words(count, words);
  if (!port) return 2;

  twinsocket::server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/person/json",
                   [](twinsocket::connection socket) { return meet(std::move(socket), twinsocket::json); });
  server.websocket("/person/xml",
                   [](twinsocket::connection socket) { return meet(std::move(socket), twinsocket::xml); });
  return serve(server, "meeting at ws://127.0.0.1:PORT/person/json and /person/xml");
}
