// System calls per message and memory per idle connection, on an io_context that the test runs.

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <stdexcept>
#include <vector>

#include "test.hpp"
#include "live_memory.hpp"
#include "server/raw_client.hpp"
#include "server/running_server.hpp"
#include "system_calls.hpp"
#include "transport/event_loop.hpp"
#include "twinsocket/native/serve_on.hpp"

namespace {

int queued(int socket, unsigned long what) {
  int count = 0;
  if (::ioctl(socket, what, &count) != 0) throw std::runtime_error("ioctl failed");
  return count;
}

class echo_server {
 public:
  echo_server() {
    server_.websocket("/echo", echo);
    const auto port = twinsocket::native::serve_on(server_, {&context_});
    REQUIRE(port.has_value());
    port_ = *port;
  }
  echo_server(const echo_server&) = delete;
  echo_server& operator=(const echo_server&) = delete;
  ~echo_server() {
    server_.stop();
    context_.run();
  }

  raw_client connect() {
    raw_client client(port_);
    client.send(upgrade_request("/echo"));
    await(client.socket());
    REQUIRE(client.read_response().status == 101);
    return client;
  }

  /// Runs until the client has something to read.
  void await(int socket) {
    while (queued(socket, FIONREAD) == 0) context_.run_one();
  }

  /// Sends one message on all connections, and lets the server answer them.
  void exchange(std::vector<raw_client>& clients) {
    for (raw_client& one : clients) one.send(client_text("hello"));
    // All have arrived before the server runs.
    for (raw_client& one : clients)
      while (queued(one.socket(), SIOCOUTQ) != 0) continue;
    for (raw_client& one : clients) await(one.socket());
    for (raw_client& one : clients) REQUIRE(one.read_frame().payload == "hello");
    context_.poll();
  }

 private:
  boost::asio::io_context context_{1};
  twinsocket::server server_{twinsocket::server_options{.port = 0}};
  std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("exchanging messages does not call epoll_ctl per message") {
  if (twinsocket::detail::event_loop::portable_sockets) return;
  echo_server server;
  std::vector<raw_client> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(server.connect());
  server.exchange(clients);
  const std::size_t before = epoll_ctl_calls();
  for (int i = 0; i < 10; ++i) server.exchange(clients);
  const std::size_t calls = epoll_ctl_calls() - before;
  CAPTURE(calls);
  CHECK(calls <= 10 * 3);
}

TEST_CASE("an idle connection takes less than 1,650 bytes of heap, and less than 1,950 if Asio watches its socket") {
  echo_server server;
  std::vector<raw_client> clients;
  clients.reserve(300);
  const auto open_up_to = [&](std::size_t count) {
    while (clients.size() < count) clients.push_back(server.connect());
    server.exchange(clients);
    return live_bytes();
  };
  const std::size_t first = open_up_to(100);
  const std::size_t bytes = (open_up_to(300) - first) / 200;
  CAPTURE(bytes);
  CHECK(bytes > 500);
  CHECK(bytes < (twinsocket::detail::event_loop::portable_sockets ? 1'950 : 1'650));
  clients.clear();
}
