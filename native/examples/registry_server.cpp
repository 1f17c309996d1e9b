// A chat with its own registry of connections, which outlives the server. usage: registry_server [PORT]
//
// ws://127.0.0.1:PORT/chat: each message is sent to all clients. The server runs two threads.

#include <memory>
#include <mutex>
#include <set>

#include "server_arguments.hpp"
#include "twinsocket/native/server.hpp"

using namespace twinsocket;

namespace {

std::mutex mutex;  // Guards the registry.
std::set<std::shared_ptr<connection>> all;

task<void> chat(connection socket) {
  const auto mine = std::make_shared<connection>(std::move(socket));
  {
    const std::scoped_lock lock(mutex);
    all.insert(mine);
  }
  while (auto message = co_await mine->receive()) {
    const std::scoped_lock lock(mutex);
    for (const auto& other : all) other->try_send(*message);  // try_send() may be called on any thread.
  }
  const std::scoped_lock lock(mutex);
  all.erase(mine);
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;
  server server{{.address = "127.0.0.1", .port = *port, .threads = 2}};
  server.websocket("/chat", chat);
  return serve(server, "serving on ws://127.0.0.1:PORT/chat");
}
