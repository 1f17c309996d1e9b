// Awaits a message, a queue and a timer at the same time. usage: select_server [PORT]
//
// ws://127.0.0.1:PORT/feed: each message is sent to all other clients. After a second without messages a client gets "tick".

#include <memory>
#include <set>
#include <string>

#include "server_arguments.hpp"
#include "twinsocket/async_queue.hpp"
#include "twinsocket/native/server.hpp"
#include "twinsocket/when_any.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  std::set<std::shared_ptr<async_queue<std::string>>> all;  // Needs no lock: all handlers run on one thread.
  server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/feed", [&](connection socket) -> task<void> {
    const auto mine = std::make_shared<async_queue<std::string>>(100);
    all.insert(mine);
    for (;;) {
      auto first = co_await when_any(socket.receive(), mine->pop(), sleep_for(1s));
      if (auto* received = std::get_if<0>(&first)) {
        if (!*received) break;
        for (const auto& other : all)
          if (other != mine) other->try_push(std::string((*received)->text()));
      } else {
        const std::string text = first.index() == 1 ? *std::get<1>(first) : "tick";
        co_await socket.send(text);
      }
    }
    all.erase(mine);
  });
  return serve(server, "serving on ws://127.0.0.1:PORT/feed");
}
