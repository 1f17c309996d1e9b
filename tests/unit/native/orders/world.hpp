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

namespace destruction_order {

/// The objects. Those on the io_context may outlive it.
enum class object : unsigned char { context, server, topics, connection, subscription, pair, reconnecting, task, pool };
inline constexpr std::size_t object_count = 9;
inline constexpr std::array<const char*, object_count> names{
    "context", "server", "topics", "connection", "subscription", "pair", "reconnecting", "task", "pool"};

class object_set {
 public:
  object_set();
  ~object_set();
  object_set(const object_set&) = delete;
  object_set& operator=(const object_set&) = delete;

  void use(object one);
  void destroy(object one);

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

}  // namespace destruction_order
