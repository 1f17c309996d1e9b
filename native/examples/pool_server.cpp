// Runs blocking work on a thread pool. usage: pool_server [PORT]
//
// ws://127.0.0.1:PORT/sum: send a number N as text and receive the sum of the numbers from 1 to N.

#include <boost/asio/thread_pool.hpp>
#include <cstdlib>
#include <string>

#include "server_arguments.hpp"
#include "twinsocket/native/run_on.hpp"
#include "twinsocket/native/server.hpp"

using namespace twinsocket;

namespace {

long long sum_up_to(long long last) {
  long long sum = 0;
  for (long long n = 1; n <= last; ++n) sum += n;
  return sum;
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  boost::asio::thread_pool pool(2);
  server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/sum", [&](connection socket) -> task<void> {
    while (auto message = co_await socket.receive()) {
      const long long last = std::strtoll(std::string(message->text()).c_str(), nullptr, 10);
      // Other connections are served meanwhile. The handler resumes on its own thread.
      const long long sum = co_await native::run_on(pool, [last] { return sum_up_to(last); });
      co_await socket.send(std::to_string(sum));
    }
  });
  return serve(server, "serving on ws://127.0.0.1:PORT/sum");
}
