// The calls between a transport and a connection.

#include "connection/wire_connection.hpp"

#include <string>

#include "test.hpp"
#include "manual_loop.hpp"
#include "protocol/wire.hpp"
#include "twinsocket/connection.hpp"

using namespace wire;

namespace {

/// A transport that accepts every write and records whether it should read.
class listening final : public byte_transport {
 public:
  std::size_t write(std::span<const std::byte> bytes) override {
    written.insert(written.end(), bytes.begin(), bytes.end());
    return bytes.size();
  }
  void read(bool wanted) override { reading = wanted; }
  void end() override {}
  void close_stream() override {}

  octets written;
  bool reading = false;
};

session_options server_with(const twinsocket::limits& values) {
  return {.self = role::server, .random = nullptr, .limits = values, .keepalive = {}};
}

}  // namespace

TEST_CASE("a full receive queue stops reading within the turn") {
  listening network;  // Must outlive the loop, which ends pending operations.
  manual_loop loop;
  const auto connection =
      std::make_shared<wire_connection>(loop, server_with(twinsocket::limits().receive_queue_bytes(1'000)), "");
  {
    const loop::turn turn(loop, loop.time());
    connection->start(network);
  }
  int brought = 0;
  {
    const loop::turn turn(loop, loop.time());
    for (; network.reading && brought < 10; ++brought) {
      octets bytes;
      for (int i = 0; i < 10; ++i)
        bytes = bytes + frame(role::server, 0x81, octets_of(std::to_string(brought * 10 + i)));
      connection->on_bytes(bytes);
    }
  }
  CHECK(brought < 10);
  std::string received;
  loop.run([](twinsocket::connection socket, std::string& all) -> twinsocket::task<void> {
    while (const auto message = co_await socket.receive()) all.append(message->text()).append(" ");
  }(twinsocket::connection(connection), received));
  std::string expected;
  for (int i = 0; i < brought * 10; ++i) expected += std::to_string(i) + " ";
  CHECK(received == expected);
  connection->abort();
}

TEST_CASE("messages and violations that arrive with the handshake are kept for the first receive()") {
  listening network;  // Must outlive the loop, which ends pending operations.
  manual_loop loop;
  const auto connection = std::make_shared<wire_connection>(loop, server_with({}), "");
  std::string received;
  loop.run([](std::shared_ptr<wire_connection> made, listening& to, std::string& all) -> twinsocket::task<void> {
    made->start(to);
    // A message followed by a reserved opcode.
    octets bytes = frame(role::server, 0x81, octets_of("one")) + frame(role::server, 0x83, {});
    made->on_bytes(bytes);
    twinsocket::connection socket(made);
    while (const auto message = co_await socket.receive()) {
      all.append(message->text());
      co_await socket.send(*message);
    }
  }(connection, network, received));
  CHECK(received == "one");
  const auto told = read_all(make_reader(role::client), network.written);
  REQUIRE(told.size() == 2);
  CHECK(told[0] == piece(message_kind::text, octets_of("one")));
  CHECK(told[1].code == close_code::protocol_error);
}

TEST_CASE("a close frame and stream end that arrive with the handshake are a clean close") {
  listening network;  // Must outlive the loop, which ends pending operations.
  manual_loop loop;
  const auto connection = std::make_shared<wire_connection>(loop, server_with({}), "");
  {
    const loop::turn turn(loop, loop.time());
    connection->start(network);
    octets bytes = frame(role::server, 0x81, octets_of("one")) + frame(role::server, 0x88, hex("03 e8"));
    connection->on_bytes(bytes);
    connection->on_stream_end();
  }
  std::string received;
  loop.run([](twinsocket::connection socket, std::string& all) -> twinsocket::task<void> {
    while (const auto message = co_await socket.receive()) all.append(message->text());
  }(twinsocket::connection(connection), received));
  CHECK(received == "one");
  CHECK(connection->info() ==
        twinsocket::close_info{close_code::normal, "", true, twinsocket::close_initiator::remote});
}

TEST_CASE("input that arrives in parts with the handshake is kept in order") {
  listening network;  // Must outlive the loop, which ends pending operations.
  manual_loop loop;
  const auto connection = std::make_shared<wire_connection>(loop, server_with({}), "");
  CHECK(connection->local_address().empty());
  CHECK(connection->remote_address().empty());
  {
    const loop::turn turn(loop, loop.time());
    connection->start(network);
    octets bytes = frame(role::server, 0x81, octets_of("one")) + frame(role::server, 0x81, octets_of("two"));
    for (std::byte& each : bytes) connection->on_bytes({&each, 1});
  }
  std::string received;
  twinsocket::connection socket(connection);
  loop.run([](twinsocket::connection& from, std::string& all) -> twinsocket::task<void> {
    for (int i = 0; i < 2; ++i) {
      const auto message = co_await from.receive();
      all.append(message->text()).append(" ");
    }
  }(socket, received));
  CHECK(received == "one two ");
}

TEST_CASE("a connection that is made while its loop closes closes at once") {
  listening network;  // Must outlive the loop, which ends pending operations.
  manual_loop loop;
  const auto connection = std::make_shared<wire_connection>(loop, server_with({}), "");
  {
    const loop::turn turn(loop, loop.time());
    loop.close();
    connection->start(network);
  }
  CHECK_FALSE(connection->is_open());
  const auto told = read_all(make_reader(role::client), network.written);
  REQUIRE(told.size() == 1);
  CHECK(told[0].code == close_code::normal);
}

TEST_CASE("a connection whose loop ends within a turn releases its transport") {
  listening network;
  auto loop = std::make_unique<manual_loop>();
  const auto connection = std::make_shared<wire_connection>(*loop, server_with({}), "");
  {
    const loop::turn turn(*loop, loop->time());
    connection->start(network);
  }
  {
    const loop::turn turn(*loop, loop->time());
    static_cast<void>(connection->send({.kind = message_kind::text, .bytes = octets_of("x")}));
    loop->end_loop();
  }
  CHECK(connection->info().is(close_code::abnormal));
  CHECK_FALSE(connection->is_open());
  CHECK(network.written.empty());
}
