#include <string>
#include <thread>

#include "twinsocket/cbor.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/server.hpp"

struct point {
  double x = 0;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(point, (), (x, name))

static twinsocket::task<bool> talk(std::string url) {
  auto socket = co_await twinsocket::connect(url);
  if (!socket) co_return false;
  const point here{1, "here"};
  co_await socket->send(twinsocket::cbor, here);
  const auto echo = co_await socket->receive<point>(twinsocket::cbor);
  if (!echo || echo->name != "here") co_return false;
  const auto text = twinsocket::json.encode(*echo);
  co_return text && text->text() == R"({"x":1,"name":"here"})";
}

static int serve_and_talk() {
  twinsocket::server server{{.port = 0}};
  server.websocket("/", [](twinsocket::connection socket) -> twinsocket::task<void> {
    while (auto message = co_await socket.receive()) co_await socket.send(*message);
  });
  const auto port = server.listen();
  if (!port) return 1;
  std::thread serving([&] { server.run(); });
  const bool done = twinsocket::native::run(talk("ws://127.0.0.1:" + std::to_string(*port) + "/"));
  server.stop();
  serving.join();
  return done ? 0 : 1;
}

// The handler is not in here: g++ 12 gives the coroutine of a lambda in an extern "C" function one symbol twice.
extern "C" int start() { return serve_and_talk(); }
