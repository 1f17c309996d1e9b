// The server's close frame to clients that flood it: a TCP reset must not overtake it.

#include "test.hpp"
#include "floods.hpp"

TEST_CASE("a client that floods and violates the protocol receives the server's close frame") {
  const running_server s(add_flooded_routes);
  const std::vector<flood> all = floods();
  for (int i = 0; i < flood_rounds; ++i) {
    const flood& one = all[static_cast<std::size_t>(i) % all.size()];
    raw_client client = open_websocket(s.port(), "/obey");
    client.send(one.bytes);
    const raw_frame last = client.read_frame();
    REQUIRE(last.opcode == 8);
    REQUIRE(last.close_code() == one.close_code);
    if (one.close_code == 4001) client.send(client_close(4001));
    REQUIRE(client.ended());
  }
}

TEST_CASE("a client that floods after a rejected handshake receives the 403 response") {
  const running_server s(add_flooded_routes);
  const std::string flood(3'000'000, 'x');
  for (int i = 0; i < flood_rounds / 10; ++i) {
    raw_client client(s.port());
    client.send(upgrade_request("/obey", "Origin: https://elsewhere.example\r\n"));
    client.send(flood);
    REQUIRE(client.read_response().status == 403);
    REQUIRE(client.ended());
  }
}

TEST_CASE("a client that floods over max_connections receives the 503 response") {
  twinsocket::server_options options;
  options.max_connections = 1;
  const running_server s(add_flooded_routes, options);
  const raw_client first = open_websocket(s.port(), "/obey");
  const std::string flood(3'000'000, 'x');
  for (int i = 0; i < 20; ++i) {
    raw_client client(s.port());
    client.send(flood);
    REQUIRE(client.read_response().status == 503);
    REQUIRE(client.ended());
  }
}
