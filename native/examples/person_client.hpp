#pragma once

// A client that sends a struct and prints how the server closes the connection. Generic over the codec.

#include <boost/describe.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "client_arguments.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/native/run.hpp"

// Describes the members once, and their wire names where these differ. The codecs need nothing else.
struct person {
  std::string name;
  std::vector<std::string> emails;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, "Person", (name, "Name"), (emails, "Emails"))

template <class Codec>
twinsocket::task<int> send_person(client_arguments arguments, const Codec& codec) {
  auto socket = co_await twinsocket::native::connect(arguments.url, arguments.options);
  if (!socket) {
    std::cerr << socket.error().message() << '\n';
    co_return 1;
  }
  const person jan{"Jan", {"jan@example.com", "jan@example.org"}};
  const auto sent = co_await socket->send(codec, jan);
  if (!sent) std::cerr << "not sent: " << sent.error().message() << '\n';

  const twinsocket::close_info end = co_await socket->closed();
  std::cout << "Closed: " << close_text(end) << std::endl;
  co_return end.normal() ? 0 : 1;
}
