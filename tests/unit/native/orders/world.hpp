#pragma once

// Objects of a program that depend on each other. Each can be used and destroyed at any time.

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "twinsocket/native/server.hpp"
#include "twinsocket/native/topics.hpp"
#include "twinsocket/pair.hpp"
#include "twinsocket/reconnect.hpp"

namespace orders {

/// The objects. Those on the io_context may outlive it.
enum class thing : unsigned char { context, server, topics, connection, subscription, pair, reconnecting, task, pool };
inline constexpr std::size_t things = 9;
inline constexpr std::array<const char*, things> names{"context",     "server", "topics",       "connection", "subscription",
                                                      "pair",        "reconnecting", "task",  "pool"};

class world {
 public:
  world();
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  void use(thing one);
  void destroy(thing one);

 private:
  struct running_server;

  /// Runs the pending handlers of the io_context, if it exists.
  void pump();
  void use_connection(twinsocket::connection& socket);

  std::shared_ptr<boost::asio::thread_pool> pool_;
  std::shared_ptr<twinsocket::topics> topics_;
  std::unique_ptr<running_server> server_;
  std::unique_ptr<boost::asio::io_context> context_;
  std::optional<twinsocket::connection> connection_;
  std::optional<twinsocket::subscription> subscription_;
  std::shared_ptr<twinsocket::connection_pair> pair_;
  std::optional<twinsocket::reconnecting_connection> reconnecting_;
  std::optional<twinsocket::task<void>> task_;
};

}  // namespace orders
