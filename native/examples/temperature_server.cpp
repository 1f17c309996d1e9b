// Serves a folder of files and, at /temperature, a temperature each second. usage: temperature_server DIR [PORT [FILE]]
//
// FILE has the temperature in thousandths of a degree, as Linux writes it: /sys/class/thermal/thermal_zone0/temp.

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "server_words.hpp"
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

// Reads on a thread of its own, because reading may take long: once for all who listen, and not while nobody does.
void publish_each_second(const std::stop_token& stop, twinsocket::topics& topics, const std::string& file) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    if (topics.subscribers(topic) != 0) topics.publish(topic, read_temperature(file));
    stopped.wait_for(lock, stop, 1s, [] { return false; });
  }
}

twinsocket::task<void> listen_to(twinsocket::connection socket, twinsocket::topics& topics) {
  // Who is too slow misses temperatures and gets the latest one when he is back.
  const auto listening = topics.subscribe(socket, topic, twinsocket::send_options().key(topic));
  while (co_await socket.receive()) continue;
}

}  // namespace

int main(int count, char** words) {
  const auto port = read_port(count > 2 ? words[2] : "8080");
  if (count < 2 || count > 4 || !port) return tell_usage(words[0], "DIR [PORT [FILE]]");
  const std::string file = count > 3 ? words[3] : "/sys/class/thermal/thermal_zone0/temp";

  // One who comes between two readings gets the last one at once.
  twinsocket::topics topics(twinsocket::topic_options().history(1));
  twinsocket::server server{{.address = "127.0.0.1", .port = *port}};
  server.files("/", words[1]);
  server.websocket("/temperature",
                   [&](twinsocket::connection socket) { return listen_to(std::move(socket), topics); });
  const std::jthread reading([&](const std::stop_token& stop) { publish_each_second(stop, topics, file); });
  return serve(server, "serving http://127.0.0.1:PORT/ and ws://127.0.0.1:PORT/temperature");
}
