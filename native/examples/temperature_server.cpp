// Serves a folder of files and, at /temperature, a temperature every second. usage: temperature_server DIR [PORT [FILE]]
//
// FILE holds the temperature in thousandths of a degree, as in Linux. Default: /sys/class/thermal/thermal_zone0/temp.

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "server_arguments.hpp"
#include "twinsocket/native/server.hpp"
#include "twinsocket/native/topics.hpp"

namespace {

using namespace std::chrono_literals;

constexpr const char* topic = "temperature";

std::string read_temperature(const std::string& file) {
  double thousandths = 0;
  if (!(std::ifstream(file) >> thousandths)) return "cannot read " + file;
  return std::to_string(thousandths / 1000);
}

// Runs on its own thread, because reading may block. Reads once for all subscribers, and only while there are any.
void publish_each_second(const std::stop_token& stop, twinsocket::topics& topics, const std::string& file) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    if (topics.subscribers(topic) != 0) topics.publish(topic, read_temperature(file));
    stopped.wait_for(lock, stop, 1s, [] { return false; });
  }
}

twinsocket::task<void> send_temperatures(twinsocket::connection socket, twinsocket::topics& topics) {
  // The key makes a newer reading replace a queued older one, so that a slow client gets the latest reading.
  const auto subscription = topics.subscribe(socket, topic, twinsocket::send_options().key(topic));
  while (co_await socket.receive()) continue;
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_port(count > 2 ? arguments[2] : "8080");
  if (count < 2 || count > 4 || !port) return print_usage(arguments[0], "DIR [PORT [FILE]]");
  const std::string file = count > 3 ? arguments[3] : "/sys/class/thermal/thermal_zone0/temp";

  // A new subscriber gets the last reading immediately.
  twinsocket::topics topics(twinsocket::topic_options().history(1));
  twinsocket::server server{{.address = "127.0.0.1", .port = *port}};
  server.files("/", arguments[1]);
  server.websocket("/temperature",
                   [&](twinsocket::connection socket) { return send_temperatures(std::move(socket), topics); });
  const std::jthread reading([&](const std::stop_token& stop) { publish_each_second(stop, topics, file); });
  return serve(server, "serving on http://127.0.0.1:PORT/ and ws://127.0.0.1:PORT/temperature");
}
