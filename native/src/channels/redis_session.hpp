#pragma once

// One open connection to a Redis server: sends what is queued in a turn of the event loop at its end, in one write, and parses
// what is received. Used on the thread of its event loop.

#include <memory>
#include <string>
#include <string_view>

#include "channels/redis_reply.hpp"
#include "loop_event.hpp"
#include "transport/http_stream.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

class redis_session_listener {
 public:
  virtual void on_reply(redis_reply reply) = 0;
  /// Called at most once; nothing is called afterwards.
  virtual void on_lost(error why) = 0;
  /// False if there is nothing to read for: then the session does not keep its event loop running.
  [[nodiscard]] virtual bool is_reading() const = 0;

 protected:
  ~redis_session_listener() = default;
};

/// Its two coroutines share it, because the socket and the buffers of a pending Asio operation can only be released once the
/// operation has completed.
class redis_session final : public std::enable_shared_from_this<redis_session> {
 public:
  redis_session(std::unique_ptr<http_stream> stream, redis_session_listener& listener)
      : stream_(std::move(stream)), listener_(&listener) {}

  /// Called once.
  void start();
  /// Sends a command after the previous ones.
  void send(std::string_view command);
  /// is_reading() has changed.
  void update_reading();
  /// Closes the connection. The listener is not used any more.
  void close() noexcept;

 private:
  static task<void> read_loop(std::shared_ptr<redis_session> self);
  static task<void> write_loop(std::shared_ptr<redis_session> self);
  void received(std::string_view bytes);
  void fail(error why);

  const std::unique_ptr<http_stream> stream_;
  redis_session_listener* listener_;  // Null after close().
  redis_parser parser_;
  std::string output_;
  std::string sending_;
  loop_event output_added_;
  loop_event reading_changed_;
  bool read_pending_ = false;
};

}  // namespace twinsocket::detail
