#include "server/trusted_proxy_set.hpp"

#include "test.hpp"
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

using twinsocket::trusted_proxies;
using twinsocket::detail::ip_network;
using twinsocket::detail::trusted_proxy_set;

namespace {

namespace ip = boost::asio::ip;

bool has(const char* network, const char* address) {
  const auto parsed = ip_network::parse(network);
  REQUIRE(static_cast<bool>(parsed));
  return parsed->contains(ip::make_address(address));
}

std::string why_not(const char* network) {
  const auto parsed = ip_network::parse(network);
  return parsed ? "" : parsed.error().message();
}

}  // namespace

TEST_CASE("ip_network contains the addresses with its prefix") {
  CHECK(has("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(has("10.0.0.0/8", "11.0.0.0"));
  CHECK(has("192.168.4.0/22", "192.168.7.255"));
  CHECK_FALSE(has("192.168.4.0/22", "192.168.8.0"));
  CHECK(has("127.0.0.1", "127.0.0.1"));
  CHECK_FALSE(has("127.0.0.1", "127.0.0.2"));
  CHECK(has("0.0.0.0/0", "203.0.113.9"));
  CHECK_FALSE(has("0.0.0.0/0", "2001:db8::1"));
  CHECK(has("fd00::/8", "fdff::1"));
  CHECK_FALSE(has("fd00::/8", "fe00::1"));
  CHECK(has("2001:db8::/33", "2001:db8:7fff::"));
  CHECK_FALSE(has("2001:db8::/33", "2001:db8:8000::"));
  CHECK(has("::/0", "2001:db8::1"));
}

TEST_CASE("ip_network treats an IPv4-mapped IPv6 address as IPv4") {
  CHECK(has("10.0.0.0/8", "::ffff:10.1.2.3"));
  CHECK(has("::ffff:10.0.0.0/104", "10.1.2.3"));
}

TEST_CASE("ip_network::parse() rejects invalid networks by name") {
  for (const char* text :
       {"", "proxy", "10.0.0", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8x", "10.0.0.0/-1", "fe80::1%lo", "/8"})
    CHECK_THAT(why_not(text), Catch::Contains("\"" + std::string(text) + "\""));
  CHECK_THAT(why_not("10.0.0.0/33"), Catch::Contains("\"10.0.0.0/33\"") && Catch::Contains("32 bits"));
  CHECK_THAT(why_not("::/129"), Catch::Contains("128 bits"));
  CHECK_THAT(why_not("10.0.0.1/8"), Catch::Contains("\"10.0.0.1/8\"") && Catch::Contains("prefix of 8"));
}

TEST_CASE("trusted_proxy_set trusts only the given networks and Unix-domain sockets only as unix:") {
  const boost::asio::generic::stream_protocol::endpoint local = boost::asio::local::stream_protocol::endpoint("/a");
  const boost::asio::generic::stream_protocol::endpoint far = ip::tcp::endpoint(ip::make_address("10.0.0.1"), 80);
  CHECK_FALSE(trusted_proxy_set().trusts(local));
  CHECK_FALSE(trusted_proxy_set().trusts(far));
  const auto networks = trusted_proxy_set::make({"10.0.0.0/8"});
  REQUIRE(static_cast<bool>(networks));
  CHECK(networks->trusts(far));
  CHECK_FALSE(networks->trusts(local));
  const auto sockets = trusted_proxy_set::make(trusted_proxies().network("unix:"));
  REQUIRE(static_cast<bool>(sockets));
  CHECK(sockets->trusts(local));
  CHECK_FALSE(sockets->trusts(far));
}
