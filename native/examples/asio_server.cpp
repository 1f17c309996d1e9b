// A server in an Asio program with four threads, each running its own io_context. usage: asio_server [PORT]

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <iostream>
#include <thread>
#include <vector>

#include "server_arguments.hpp"
#include "twinsocket/native/serve_on.hpp"

using namespace twinsocket;

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  std::vector<boost::asio::io_context> contexts(4);
  server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/echo", [](connection socket) -> task<void> {
    while (auto message = co_await socket.receive()) co_await socket.send(*message);
  });
  std::vector<boost::asio::io_context*> all;
  for (auto& one : contexts) all.push_back(&one);
  const auto bound_port = native::serve_on(server, all);
  if (!bound_port) {
    std::cerr << bound_port.error().message() << '\n';
    return 2;
  }
  std::cout << "serving on ws://127.0.0.1:" << *bound_port << "/echo" << std::endl;

  boost::asio::signal_set signals(contexts[0], SIGINT, SIGTERM);
  signals.async_wait([&](auto, int) { server.stop(); });
  std::vector<std::thread> threads;
  for (auto& one : contexts) threads.emplace_back([&one] { one.run(); });
  for (auto& one : threads) one.join();
}
