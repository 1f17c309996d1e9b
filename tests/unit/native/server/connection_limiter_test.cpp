#include "server/gate.hpp"

#include "test.hpp"
#include <boost/asio/ip/address.hpp>
#include <vector>

using twinsocket::detail::gate;

namespace {
boost::asio::ip::address address(const char* text) { return boost::asio::ip::make_address(text); }
}  // namespace

TEST_CASE("the gate is open up to its limit, and again when a connection has gone") {
  gate g(2, 0);
  std::vector<gate::ticket> tickets;
  for (int i = 0; i < 3; ++i) tickets.emplace_back(g, address("10.0.0.1"));
  CHECK(tickets[0].verdict() == gate::verdict::open);
  CHECK(tickets[1].verdict() == gate::verdict::open);
  CHECK(tickets[2].verdict() == gate::verdict::limit);
  tickets.clear();
  CHECK(g.open() == 0);
  CHECK(gate::ticket(g, address("10.0.0.1")).verdict() == gate::verdict::open);
}

TEST_CASE("only so many are told that there is no room") {
  gate g(1, 0);
  std::vector<gate::ticket> tickets;
  for (int i = 0; i < 258; ++i) tickets.emplace_back(g, address("10.0.0.1"));
  CHECK(tickets[256].verdict() == gate::verdict::limit);
  CHECK(tickets[257].verdict() == gate::verdict::flood);
}

TEST_CASE("each address has a limit of its own, and a client of IPv6 has one for its network") {
  gate g(100, 1);
  const gate::ticket v4(g, address("10.0.0.1"));
  CHECK(gate::ticket(g, address("10.0.0.1")).verdict() == gate::verdict::address_limit);
  CHECK(gate::ticket(g, address("10.0.0.2")).verdict() == gate::verdict::open);
  CHECK(gate::ticket(g, address("::ffff:10.0.0.1")).verdict() == gate::verdict::address_limit);
  const gate::ticket v6(g, address("2001:db8:1:2:3::4"));
  CHECK(gate::ticket(g, address("2001:db8:1:2:ffff::1")).verdict() == gate::verdict::address_limit);
  CHECK(gate::ticket(g, address("2001:db8:1:3::1")).verdict() == gate::verdict::open);
}

TEST_CASE("unless it is said otherwise an address has 1,000 connections, and this machine any number") {
  const auto beyond = [](gate& g, const char* from) {
    std::vector<gate::ticket> tickets;
    for (int i = 0; i < 1'000; ++i) tickets.emplace_back(g, address(from));
    CHECK(tickets.back().verdict() == gate::verdict::open);
    return gate::ticket(g, address(from)).verdict();
  };
  gate usual(10'000, {});
  CHECK(beyond(usual, "10.0.0.1") == gate::verdict::address_limit);
  CHECK(beyond(usual, "2001:db8::1") == gate::verdict::address_limit);
  for (const char* loopback : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
    CHECK(beyond(usual, loopback) == gate::verdict::open);
  gate without(10'000, 0);
  CHECK(beyond(without, "10.0.0.1") == gate::verdict::open);
  gate strict(10'000, 1'000);
  CHECK(beyond(strict, "127.0.0.1") == gate::verdict::address_limit);
}
