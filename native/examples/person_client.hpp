#pragma once

// A client that sends a struct, and tells how the server takes it. The codec is all that differs.

#include <boost/describe.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "client_words.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/native/run.hpp"

// The members once, and their names on the wire where they differ: all that a codec needs to know.
struct person {
  std::string name;
  std::vector<std::string> emails;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, "Person", (name, "Name"), (emails, "Emails"))

template <class Codec>
twinsocket::task<int> introduce(client_words words, const Codec& codec) {
  auto socket = co_await twinsocket::native::connect(words.url, words.options);
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
