#include "server/connection_limiter.hpp"

#include "test.hpp"
#include <boost/asio/ip/address.hpp>
#include <vector>

using twinsocket::detail::connection_limiter;

namespace {
boost::asio::ip::address address(const char* text) { return boost::asio::ip::make_address(text); }
}  // namespace

TEST_CASE("connections are accepted up to max_connections and again after one has ended") {
  connection_limiter limiter(2, 0);
  std::vector<connection_limiter::lease> leases;
  for (int i = 0; i < 3; ++i) leases.emplace_back(limiter, address("10.0.0.1"));
  CHECK(leases[0].decision() == connection_limiter::decision::accepted);
  CHECK(leases[1].decision() == connection_limiter::decision::accepted);
  CHECK(leases[2].decision() == connection_limiter::decision::limit);
  leases.clear();
  CHECK(limiter.open() == 0);
  CHECK(connection_limiter::lease(limiter, address("10.0.0.1")).decision() == connection_limiter::decision::accepted);
}

TEST_CASE("at most 256 connections over the limit are answered and further ones are dropped") {
  connection_limiter limiter(1, 0);
  std::vector<connection_limiter::lease> leases;
  for (int i = 0; i < 258; ++i) leases.emplace_back(limiter, address("10.0.0.1"));
  CHECK(leases[256].decision() == connection_limiter::decision::limit);
  CHECK(leases[257].decision() == connection_limiter::decision::flood);
}

TEST_CASE("max_connections_per_address counts per IPv4 address and per IPv6 /64 network") {
  connection_limiter limiter(100, 1);
  const connection_limiter::lease v4(limiter, address("10.0.0.1"));
  CHECK(connection_limiter::lease(limiter, address("10.0.0.1")).decision() ==
        connection_limiter::decision::address_limit);
  CHECK(connection_limiter::lease(limiter, address("10.0.0.2")).decision() == connection_limiter::decision::accepted);
  CHECK(connection_limiter::lease(limiter, address("::ffff:10.0.0.1")).decision() ==
        connection_limiter::decision::address_limit);
  const connection_limiter::lease v6(limiter, address("2001:db8:1:2:3::4"));
  CHECK(connection_limiter::lease(limiter, address("2001:db8:1:2:ffff::1")).decision() ==
        connection_limiter::decision::address_limit);
  CHECK(connection_limiter::lease(limiter, address("2001:db8:1:3::1")).decision() ==
        connection_limiter::decision::accepted);
}

TEST_CASE("max_connections_per_address is 1,000 by default and does not apply to loopback") {
  const auto beyond = [](connection_limiter& limiter, const char* from) {
    std::vector<connection_limiter::lease> leases;
    for (int i = 0; i < 1'000; ++i) leases.emplace_back(limiter, address(from));
    CHECK(leases.back().decision() == connection_limiter::decision::accepted);
    return connection_limiter::lease(limiter, address(from)).decision();
  };
  connection_limiter usual(10'000, {});
  CHECK(beyond(usual, "10.0.0.1") == connection_limiter::decision::address_limit);
  CHECK(beyond(usual, "2001:db8::1") == connection_limiter::decision::address_limit);
  for (const char* loopback : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
    CHECK(beyond(usual, loopback) == connection_limiter::decision::accepted);
  connection_limiter without(10'000, 0);
  CHECK(beyond(without, "10.0.0.1") == connection_limiter::decision::accepted);
  connection_limiter strict(10'000, 1'000);
  CHECK(beyond(strict, "127.0.0.1") == connection_limiter::decision::address_limit);
}
