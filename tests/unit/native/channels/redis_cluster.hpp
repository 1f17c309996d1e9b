#pragma once

// A Redis Cluster of a test: masters on ports of 127.0.0.1, each with a part of the slots, and replicas.

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "channels/redis_names.hpp"
#include "channels/redis_slots.hpp"
#include "redis_server.hpp"

class redis_cluster {
 public:
  static constexpr std::size_t masters = 3;

  explicit redis_cluster(std::size_t replicas = 0) {
    for (std::size_t i = 0; i < masters + replicas; ++i) nodes_.push_back(std::make_unique<node>());
    for (std::size_t i = 0; i < masters; ++i) {
      static_cast<void>(command(i, {"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)}));
      const std::size_t first = twinsocket::detail::redis_slot_count * i / masters;
      const std::size_t end = twinsocket::detail::redis_slot_count * (i + 1) / masters;
      REQUIRE(command(i, {"CLUSTER", "ADDSLOTSRANGE", std::to_string(first), std::to_string(end - 1)}) == "OK");
    }
    for (std::size_t i = 1; i < nodes_.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        REQUIRE(command(i, {"CLUSTER", "MEET", "127.0.0.1", std::to_string(port(j)), std::to_string(bus_port(j))}) ==
                "OK");
    for (std::size_t i = masters; i < nodes_.size(); ++i)
      until(i, {"CLUSTER", "REPLICATE", command(i - masters, {"CLUSTER", "MYID"})}, "OK");
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      until(i, {"CLUSTER", "INFO"}, "cluster_state:ok");
      until(i, {"CLUSTER", "INFO"}, "cluster_known_nodes:" + std::to_string(nodes_.size()));
      if (i >= masters) until(i, {"INFO", "replication"}, "master_link_status:up");
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] redis_server& server(std::size_t index) { return nodes_[index]->server; }
  [[nodiscard]] int port(std::size_t index) const { return nodes_[index]->port; }
  [[nodiscard]] int bus_port(std::size_t index) const { return nodes_[index]->bus_port; }
  [[nodiscard]] std::string url(std::size_t index = 0) const {
    return "redis://127.0.0.1:" + std::to_string(port(index));
  }
  [[nodiscard]] std::string command(std::size_t index, std::vector<std::string> arguments) const {
    return nodes_[index]->server.command(std::move(arguments));
  }
  /// Repeats a command until the answer contains a text. There is no event to wait for.
  void until(std::size_t index, const std::vector<std::string>& arguments, const std::string& text) const {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (std::string answer; answer.find(text) == std::string::npos; answer = command(index, arguments)) {
      INFO(answer);
      REQUIRE(std::chrono::steady_clock::now() < give_up);
      ::usleep(5000);
    }
  }

  /// A channel whose slot a master has.
  [[nodiscard]] static std::string channel_of(std::size_t master, const std::string& name) {
    for (int i = 0;; ++i) {
      std::string channel = name + std::to_string(i);
      if (slot_of(channel) * masters / twinsocket::detail::redis_slot_count == master) return channel;
    }
  }
  [[nodiscard]] static std::size_t slot_of(const std::string& channel) {
    return twinsocket::detail::redis_slot(twinsocket::detail::redis_hash_tag(channel));
  }

  void begin_move(std::size_t slot, std::size_t from, std::size_t to) const {
    const std::string number = std::to_string(slot);
    const std::string source = command(from, {"CLUSTER", "MYID"});
    const std::string target = command(to, {"CLUSTER", "MYID"});
    REQUIRE(command(to, {"CLUSTER", "SETSLOT", number, "IMPORTING", source}) == "OK");
    REQUIRE(command(from, {"CLUSTER", "SETSLOT", number, "MIGRATING", target}) == "OK");
  }
  void move_key(const std::string& key, std::size_t from, std::size_t to) const {
    const std::string moved = command(from, {"MIGRATE", "127.0.0.1", std::to_string(port(to)), key, "0", "5000"});
    REQUIRE((moved == "OK" || moved == "NOKEY"));
  }
  void end_move(std::size_t slot, std::size_t from, std::size_t to) const {
    const std::string target = command(to, {"CLUSTER", "MYID"});
    for (const std::size_t node : {to, from})
      REQUIRE(command(node, {"CLUSTER", "SETSLOT", std::to_string(slot), "NODE", target}) == "OK");
  }

  /// Options of a broker that loses no time.
  [[nodiscard]] static twinsocket::redis_broker_options quick() {
    twinsocket::redis_broker_options out;
    out.initial_delay = std::chrono::milliseconds(5);
    out.max_delay = std::chrono::milliseconds(20);
    return out;
  }

 private:
  struct node {
    const int port = free_port();
    const int bus_port = free_port();
    redis_server server{{"--port", std::to_string(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes",
                         "--cluster-port", std::to_string(bus_port), "--cluster-node-timeout", "2000",
                         "--cluster-require-full-coverage", "no", "--repl-diskless-sync-delay", "0"}};
  };

  /// Below those that a system gives to clients, because each is free for a moment before it is used.
  static int free_port() {
    namespace asio = boost::asio;
    static std::mt19937 generator(std::random_device{}());
    for (;;) {
      const int port = std::uniform_int_distribution<int>(20'000, 32'000)(generator);
      asio::io_context context;
      asio::ip::tcp::acceptor acceptor(context);
      boost::system::error_code failure;
      acceptor.open(asio::ip::tcp::v4());
      acceptor.bind({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)}, failure);
      if (!failure) return port;
    }
  }

  std::vector<std::unique_ptr<node>> nodes_;
};

/// The cluster that the tests share, which do not change it. Null if Redis is not installed; the test is then skipped.
inline redis_cluster* shared_cluster() {
  if (!has_redis()) return nullptr;
  static redis_cluster cluster;
  return &cluster;
}
