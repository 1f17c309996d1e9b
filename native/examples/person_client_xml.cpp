// Sends a struct as XML, and tells how the server takes it.
// usage: person_client_xml [--origin O] [--ca FILE] [--insecure] URL

#include <boost/describe.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "client_words.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/xml.hpp"

namespace {

// The members once, and their names on the wire where they differ: all that a codec needs to know.
struct person {
  std::string name;
  std::vector<std::string> emails;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, "Person", (name, "Name"), (emails, "Emails"))

twinsocket::task<int> introduce(client_words words) {
  auto socket = co_await twinsocket::native::connect(words.url, words.options);
  if (!socket) {
    std::cerr << socket.error().message() << '\n';
    co_return 1;
  }
  const person jan{"Jan", {"jan@example.com", "jan@example.org"}};
  const auto sent = co_await socket->send(twinsocket::xml, jan);
  if (!sent) std::cerr << "not sent: " << sent.error().message() << '\n';

  const twinsocket::close_info end = co_await socket->closed();
  std::cout << "Closed: " << static_cast<int>(end.code) << ' ' << end.reason << std::endl;
  co_return end.normal() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  auto said = read_client_words(count, words);
  if (!said) {
    std::cerr << "usage: person_client_xml [--origin O] [--ca FILE] [--insecure] URL\n";
    return 2;
  }
  return twinsocket::native::run(introduce(*std::move(said)));
}
