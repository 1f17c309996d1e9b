// The floods of server/flood_test.cpp over TLS.

#include "test.hpp"
#include "authority.hpp"
#include "raw_tls_client.hpp"
#include "server/floods.hpp"

using namespace twinsocket;

namespace {

server_options secure() {
  static const authority ca;
  const certificate_and_key own = ca.issue("DNS:localhost,IP:127.0.0.1");
  server_options options;
  options.certificate = tls_certificate::pem(own.certificate, own.key);
  return options;
}

}  // namespace

TEST_CASE("a client that floods over TLS and violates the protocol receives the close frame and close_notify") {
  const running_server s(add_flooded_routes, secure());
  const std::vector<flood> all = floods();
  for (int i = 0; i < flood_rounds; ++i) {
    const flood& one = all[static_cast<std::size_t>(i) % all.size()];
    raw_tls_client client(s.port());
    client.send(upgrade_request("/obey"));
    REQUIRE(client.read_header().starts_with("HTTP/1.1 101 "));
    client.send(one.bytes);
    const std::string head = client.receive(4);
    REQUIRE(static_cast<unsigned char>(head[0]) == 0x88);
    REQUIRE(static_cast<unsigned char>(head[2]) * 256 + static_cast<unsigned char>(head[3]) == one.close_code);
    if (one.close_code == 4001) client.send(client_close(4001));
    // Throws unless TLS ends properly, with close_notify.
    REQUIRE(client.read_to_end().size() == static_cast<std::size_t>(head[1]) - 2);
  }
}

TEST_CASE("a client that floods over TLS after a rejected handshake receives the 403 response") {
  const running_server s(add_flooded_routes, secure());
  const std::string flood(3'000'000, 'x');
  for (int i = 0; i < flood_rounds / 10; ++i) {
    raw_tls_client client(s.port());
    client.send(upgrade_request("/obey", "Origin: https://elsewhere.example\r\n"));
    client.send(flood);
    REQUIRE(client.read_to_end().starts_with("HTTP/1.1 403 "));
  }
}
