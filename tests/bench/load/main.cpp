// The load generator: opens connections that have their messages echoed, as fast as possible or at a fixed rate, or that
// stay idle while the server's memory is read, or that are closed at once. Prints one line of JSON.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "fail.hpp"
#include "paced.hpp"
#include "process.hpp"
#include "rounds.hpp"

namespace {

struct settings {
  bench::target target;
  pid_t server = 0;
  std::size_t connections = 1;
  std::size_t bytes = 16;
  std::size_t depth = 1;
  bench::content content = bench::content::binary;
  double warm_up = 0.05;
  double seconds = 0.15;
  double rate = 0;
  std::size_t bursts = 1;
  bool broadcast = false;
  bool idle = false;
  bool handshakes = false;
};

bench::workload workload_of(const settings& wanted, std::size_t depth) {
  return {wanted.content, wanted.bytes, depth, wanted.bursts, wanted.target.deflate != bench::compression::none};
}

void measure_messages(const settings& wanted) {
  const bench::workload load = workload_of(wanted, wanted.depth);
  bench::rounds rounds(wanted.target, wanted.connections, load, wanted.broadcast);
  // Every connection must receive at least one compared message, however short the warm-up is.
  std::size_t compared = 0;
  do compared += rounds.run(wanted.warm_up, true);
  while (compared < wanted.connections * wanted.depth);

  const double started = bench::now();
  const double server_before = bench::cpu_seconds(wanted.server);
  const double own_before = bench::cpu_seconds(0);
  const std::size_t bytes_before = rounds.bytes();
  std::size_t messages = 0;
  do messages += rounds.run(wanted.seconds, false);
  while (messages == 0);
  const double bytes = static_cast<double>(rounds.bytes() - bytes_before) / static_cast<double>(messages);
  const double server = bench::cpu_seconds(wanted.server) - server_before;
  const double own = bench::cpu_seconds(0) - own_before;
  std::cout << std::setprecision(9) << "{\"messages\":" << messages << ",\"seconds\":" << bench::now() - started
            << ",\"cpu\":" << server << ",\"own_cpu\":" << own << ",\"bytes\":" << bytes << "}\n";
}

// One connection after the other, each opened and closed.
void measure_handshakes(const settings& wanted) {
  std::size_t count = 0, resumed = 0;
  const auto run = [&](double seconds) {
    for (const double end = bench::now() + seconds; bench::now() < end; ++count)
      resumed += bench::client_socket(wanted.target).resumed();
  };
  run(wanted.warm_up);
  count = resumed = 0;
  const double started = bench::now();
  const double server_before = bench::cpu_seconds(wanted.server);
  const double own_before = bench::cpu_seconds(0);
  do run(wanted.seconds);
  while (count == 0);
  std::cout << std::setprecision(9) << "{\"messages\":" << count << ",\"seconds\":" << bench::now() - started
            << ",\"cpu\":" << bench::cpu_seconds(wanted.server) - server_before
            << ",\"own_cpu\":" << bench::cpu_seconds(0) - own_before
            << ",\"resumed\":" << static_cast<double>(resumed) / static_cast<double>(count) << "}\n";
}

void measure_latency(const settings& wanted) {
  const bench::workload load = workload_of(wanted, wanted.depth);
  bench::paced paced(wanted.target, wanted.connections, load);
  // Every connection must receive at least one compared message, however short the warm-up is.
  const double enough = static_cast<double>(wanted.connections) / wanted.rate;
  paced.run(wanted.rate, std::max(wanted.warm_up, enough), true);
  bench::pace measured = paced.run(wanted.rate, wanted.seconds, false);
  const auto microseconds = [](std::vector<double>& values, double fraction) {
    return bench::percentile(values, fraction) * 1e6;
  };
  const auto messages = static_cast<double>(measured.round_trips.size());
  std::cout << "{\"messages\":" << messages << ",\"in_time\":" << static_cast<double>(measured.in_time) / messages
            << ",\"p50\":" << microseconds(measured.round_trips, 0.5)
            << ",\"p99\":" << microseconds(measured.round_trips, 0.99)
            << ",\"p999\":" << microseconds(measured.round_trips, 0.999)
            << ",\"late\":" << microseconds(measured.delays, 0.999) << "}\n";
}

// Memory that a server allocates once, for its first connections, is not counted.
void measure_memory(const settings& wanted) {
  constexpr std::size_t first = 100;
  const bench::workload load = workload_of(wanted, 1);
  std::vector<bench::client_socket> sockets;
  sockets.reserve(wanted.connections);
  const auto open_up_to = [&](std::size_t count) {
    std::vector<char> buffer(load.bytes() + 16);
    while (sockets.size() < count) {
      bench::client_socket& socket = sockets.emplace_back(wanted.target);
      bench::reply_reader reply(load);
      socket.write(load.burst());
      while (reply.read({buffer.data(), socket.read(buffer.data(), buffer.size())}, true) == 0) continue;
    }
    return bench::anonymous_bytes(wanted.server);
  };
  if (wanted.connections <= first) bench::fail("memory is measured with more than 100 connections");
  const std::size_t before = open_up_to(first);
  const std::size_t after = open_up_to(wanted.connections);
  const auto grown = static_cast<double>(after) - static_cast<double>(before);
  std::cout << "{\"connections\":" << sockets.size()
            << ",\"bytes\":" << grown / static_cast<double>(wanted.connections - first) << "}\n";
}

}  // namespace

int main(int count, char** words) {
  settings wanted;
  CLI::App program(
      "Measures an echo server on 127.0.0.1: its CPU time for messages or opening handshakes, their latency, or its "
      "memory for idle connections.");
  const std::map<std::string, bench::content> contents{{"binary", bench::content::binary},
                                                       {"ascii", bench::content::ascii},
                                                       {"unicode", bench::content::unicode},
                                                       {"json", bench::content::json}};
  const std::map<std::string, bench::compression> compressions{{"none", bench::compression::none},
                                                               {"each-message", bench::compression::each_message},
                                                               {"takeover", bench::compression::takeover}};
  program.add_option("--port", wanted.target.port, "The server's port")->required();
  program.add_option("--pid", wanted.server, "The server's process")->required();
  program.add_option("--path", wanted.target.path, "What is asked for");
  program.add_option("--connections", wanted.connections, "How many there are")->check(CLI::Range(1, 1'000'000));
  program.add_option("--bytes", wanted.bytes, "The payload of each message")->check(CLI::Range(1, 1 << 30));
  program.add_option("--depth", wanted.depth, "Messages in flight on each connection")->check(CLI::Range(1, 100'000));
  program.add_option("--content", wanted.content, "binary, ascii, unicode, json")
      ->transform(CLI::CheckedTransformer(contents));
  program.add_option("--bursts", wanted.bursts, "How many different bursts there are")->check(CLI::Range(1, 10'000));
  program.add_option("--compression", wanted.target.deflate, "none, each-message, takeover")
      ->transform(CLI::CheckedTransformer(compressions));
  program.add_option("--warm-up", wanted.warm_up, "Seconds before measuring, in which payloads are compared");
  program.add_option("--seconds", wanted.seconds, "Seconds of measuring");
  program.add_option("--rate", wanted.rate, "Messages per second on all connections together; prints latencies in us")
      ->check(CLI::PositiveNumber);
  program.add_flag("--tls", wanted.target.secure, "Over TLS 1.3; no certificate is checked");
  program.add_flag("--broadcast", wanted.broadcast, "The first connection sends, all others hear it");
  program.add_flag("--idle", wanted.idle, "Reads the memory after one message on each connection");
  program.add_flag("--handshakes", wanted.handshakes, "Opens and closes one connection after the other");
  program.add_flag("--resume", wanted.target.resumes, "Resumes the TLS session of the connection before");
  CLI11_PARSE(program, count, words);
  if (wanted.broadcast && wanted.connections < 2) bench::fail("a broadcast wants 2 connections or more");
  if (bench::raise_descriptor_limit() < wanted.connections + 20) bench::fail("too few descriptors are allowed");
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL.
  if (wanted.handshakes) {
    measure_handshakes(wanted);
  } else if (wanted.idle) {
    measure_memory(wanted);
  } else if (wanted.rate > 0) {
    measure_latency(wanted);
  } else {
    measure_messages(wanted);
  }
}
