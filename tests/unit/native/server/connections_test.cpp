// The list of open connections.

#include "test.hpp"
#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "raw_client.hpp"
#include "running_server.hpp"

using twinsocket::admission;
using twinsocket::close_code;
using twinsocket::connection;
using twinsocket::request;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::task;
using twinsocket::websocket_options;

namespace {

struct user {
  std::string name;
};

void add_routes(server& to) {
  to.websocket("/echo", echo);
  to.websocket("/user", websocket_options().on_request([](const request& req) {
    return admission().attach(user{std::string(*req.query("name"))});
  }),
               [](connection socket, const request&) -> task<void> { return echo(std::move(socket)); });
}

server_options with_threads(unsigned count) {
  server_options options;
  options.threads = count;
  return options;
}

// Connects a client and waits for its handler: for_each_connection() may skip a connection that is still opening.
raw_client open_echo(std::uint16_t port, const std::string& target = "/echo") {
  raw_client client = open_websocket(port, target);
  client.send(client_text("open?"));
  REQUIRE(client.read_frame().payload == "open?");
  return client;
}

// Calls the function for all connections and waits until that is done.
template <class F>
void for_all(server& of, F function) {
  std::promise<void> done;
  of.for_each_connection(std::move(function), [&] { done.set_value(); });
  done.get_future().wait();
}

}  // namespace

TEST_CASE("for_each_connection() visits every open WebSocket on all threads") {
  const unsigned threads = GENERATE(1U, 3U);
  running_server s(add_routes, with_threads(threads));
  std::vector<raw_client> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(open_echo(s.port()));
  const raw_client no_websocket(s.port());
  std::mutex mutex;
  std::set<std::string> seen;
  for_all(s.get(), [&](connection& socket) {
    const std::scoped_lock lock(mutex);
    seen.insert(socket.remote_address());
  });
  CHECK(seen.size() == 12);
  std::atomic<int> sent = 0;
  for_all(s.get(), [&](connection& socket) { sent += socket.try_send("to all") ? 1 : 0; });
  CHECK(sent == 12);
  for (raw_client& client : clients) {
    CHECK(client.read_frame().payload == "to all");
    client.send(client_text("still there"));
    CHECK(client.read_frame().payload == "still there");
  }
}

TEST_CASE("for_each_connection() with a request finds connections by attributes and closes them") {
  running_server s(add_routes, with_threads(2));
  std::vector<raw_client> clients;
  for (const char* name : {"jan", "piet", "jan"})
    clients.push_back(open_echo(s.port(), "/user?name=" + std::string(name)));
  raw_client other = open_echo(s.port());
  for_all(s.get(), [](connection& socket, const request& req) {
    const user* const who = req.attribute<user>();
    if (who && who->name == "jan") socket.close(close_code(4001), "logged out");
  });
  CHECK(clients[0].read_frame().close_code() == 4001);
  CHECK(clients[2].read_frame().close_code() == 4001);
  clients[1].send(client_text("still there"));
  CHECK(clients[1].read_frame().payload == "still there");
  other.send(client_text("too"));
  CHECK(other.read_frame().payload == "too");
}

TEST_CASE("for_each_connection() does not visit closed connections") {
  running_server s(add_routes);
  raw_client client = open_websocket(s.port(), "/echo");
  client.send(client_close(1000));
  CHECK(client.read_frame().close_code() == 1000);
  std::atomic<int> seen = 0;
  for_all(s.get(), [&](connection&) { ++seen; });
  CHECK(seen == 0);
}

TEST_CASE("a visitor may abort connections and its exceptions are ignored") {
  running_server s(add_routes);
  std::vector<raw_client> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(open_echo(s.port()));
  std::atomic<int> seen = 0;
  for_all(s.get(), [&](connection&) {
    ++seen;
    throw std::runtime_error("oh");
  });
  CHECK(seen == 5);
  for_all(s.get(), [](connection&) { throw "no std::exception"; });
  for_all(s.get(), [&](connection& socket) { socket.abort(); });
  for (raw_client& client : clients) CHECK(client.ended());
}

TEST_CASE("handlers may call for_each_connection() concurrently") {
  std::atomic<int> done = 0;
  std::atomic<int> seen = 0;
  std::atomic<server*> self = nullptr;
  running_server s(
      [&](server& to) {
        to.websocket("/all", [&](connection socket) -> task<void> {
          while (auto message = co_await socket.receive()) {
            self.load()->for_each_connection([&](connection& each) { ++seen, static_cast<void>(each.try_send("x")); },
                                             [&] { ++done; });
            co_await socket.send("asked");
          }
        });
      },
      with_threads(2));
  self = &s.get();
  std::vector<raw_client> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(open_websocket(s.port(), "/all"));
  for (raw_client& client : clients) client.send(client_text("go"));
  for (raw_client& client : clients)
    while (client.read_frame().payload != "asked") {
    }
  s.stop();
  s.wait();
  CHECK(done == 8);
  CHECK(seen > 0);
}

TEST_CASE("for_each_connection() without connections or after the server has stopped completes immediately") {
  std::atomic<int> done = 0;
  {
    server one;
    one.for_each_connection([](connection&) {}, [&] { ++done; });
    CHECK(done == 1);
    server_options options;
    options.port = 0;
    one = server(options);
    REQUIRE(static_cast<bool>(one.listen()));
    one.for_each_connection([](connection&) {}, [&] { ++done; });
  }
  CHECK(done == 2);
  server_options options;
  running_server s(add_routes);
  s.stop();
  s.wait();
  s.get().for_each_connection([](connection&) {});
  s.get().for_each_connection([](connection&) {}, [&] { ++done; });
  CHECK(done == 3);
}
