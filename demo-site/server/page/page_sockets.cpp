// The interface of demo_server.wasm to JavaScript (src/in-page-server.ts), which gives each socket a number. No event of a
// socket follows demo_js_refused() or demo_js_closed().

#include <emscripten.h>

#include <algorithm>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "browser_loop.hpp"
#include "demo-site/server/page/page_server.hpp"
#include "demo-site/server/page/sensor_publisher.hpp"
#include "demo-site/server/rooms.hpp"
#include "demo-site/server/routes.hpp"
#include "transfer_buffer.hpp"
#include "transport/random_bytes.hpp"

extern "C" {
// Functions of JavaScript.
void demo_js_opened(int socket, const char* subprotocol, std::size_t size);
void demo_js_refused(int socket);
void demo_js_received(int socket, int is_text, const std::byte* data, std::size_t size);
void demo_js_closed(int socket, int code, int clean, const char* reason, std::size_t size);
void demo_js_random(std::byte* out, std::size_t size);
}

namespace twinsocket {

void detail::random_bytes(std::span<std::byte> out) { demo_js_random(out.data(), out.size()); }

namespace app {

namespace {

/// As many messages as the server's --history keeps by default.
constexpr std::size_t chat_history = 50;

/// The server and its channels. They live as long as the page.
struct page {
  server host;
  std::shared_ptr<channels> rooms = make_rooms(memory_broker(), chat_history);

  page() {
    const std::string channel = "sensors:page";
    add_simulated_sensors(*rooms, channel);
    // Nothing prints what is received: the page shows the server's answer.
    add_demo_routes(host, *rooms, {host_options(), channel, [](const demo::person&) {}});
  }

 private:
  // As for `twinsocket serve`: the send queue holds the largest message, so that every received message can be echoed.
  static websocket_options host_options() {
    limits values;
    values.send_queue_bytes(std::max(values.max_message_size(), values.send_queue_bytes()));
    return websocket_options().limits(values);
  }
};

page& this_page() {
  static page& instance = *new page;
  return instance;
}

std::unordered_map<int, connection>& sockets() {
  static std::unordered_map<int, connection>& all = *new std::unordered_map<int, connection>;
  return all;
}

task<void> pass_on(int number, connection& socket) {
  while (const auto message = co_await socket.receive())
    demo_js_received(number, message->kind() == message_kind::text, message->bytes().data(), message->bytes().size());
  const close_info end = co_await socket.closed();
  sockets().erase(number);
  demo_js_closed(number, static_cast<int>(end.code), end.clean, end.reason.data(), end.reason.size());
}

connection* find(int number) {
  const auto found = sockets().find(number);
  return found == sockets().end() ? nullptr : &found->second;
}

}  // namespace

}  // namespace app

}  // namespace twinsocket

using namespace twinsocket;

extern "C" {

/// Opens a connection. The transfer buffer contains the target, a NUL, and the offered subprotocols with commas between.
EMSCRIPTEN_KEEPALIVE void demo_open(int number) {
  const std::string texts = detail::take_transferred_text();
  const std::size_t end = texts.find('\0');
  const detail::browser_turn turn;
  auto opened = detail::state_of(app::this_page().host)->open(texts.substr(0, end), texts.substr(end + 1));
  if (!opened) {
    demo_js_refused(number);
    return;
  }
  connection& socket = app::sockets().emplace(number, std::move(opened->client)).first->second;
  demo_js_opened(number, opened->subprotocol.data(), opened->subprotocol.size());
  spawn(app::pass_on(number, socket));
}

/// Sends the contents of the transfer buffer.
EMSCRIPTEN_KEEPALIVE void demo_send(int number, int is_text) {
  const std::string payload = detail::take_transferred_text();
  const detail::browser_turn turn;
  connection* const socket = app::find(number);
  if (!socket) return;
  if (is_text) {
    socket->try_send(payload);
  } else {
    socket->try_send(std::as_bytes(std::span(payload.data(), payload.size())));
  }
}

/// Starts the closing handshake. The transfer buffer contains the reason.
EMSCRIPTEN_KEEPALIVE void demo_close(int number, int code) {
  const std::string reason = detail::take_transferred_text();
  const detail::browser_turn turn;
  if (connection* const socket = app::find(number)) socket->close(static_cast<close_code>(code), reason);
}

/// Drops the connection, as a network that is cut.
EMSCRIPTEN_KEEPALIVE void demo_drop(int number) {
  const detail::browser_turn turn;
  if (connection* const socket = app::find(number)) socket->abort();
}

/// Bytes that were sent and that the server's end has not taken yet.
EMSCRIPTEN_KEEPALIVE std::size_t demo_buffered(int number) {
  const connection* const socket = app::find(number);
  return socket ? socket->buffered_amount() : 0;
}

}  // extern "C"
