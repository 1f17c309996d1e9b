#pragma once

// Sends the content of one streamed response: queues what a response_writer writes, detects when the client disconnects, and
// sends comments that keep an idle event stream alive.

#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/deadline.hpp"
#include "server/open_connection.hpp"
#include "server/loop_waiters.hpp"
#include "transport/byte_stream.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// What a response_stream borrows from its connection until end() has completed.
struct stream_carrier {
  byte_stream& stream;
  deadline& limit;
  boost::beast::flat_buffer& ahead;  ///< Buffers pipelined requests.
  std::chrono::milliseconds idle_time;
};

class response_stream final : public std::enable_shared_from_this<response_stream>, public stoppable, private timer {
 public:
  response_stream(stream_carrier carrier, bool chunked) : carrier_(carrier), chunked_(chunked) {}

  /// Reads from the connection, to detect that the client disconnects.
  void watch_client();
  /// Sends a comment whenever nothing is being sent after this interval. The stream then also closes when the server stops.
  void keep_alive(std::chrono::milliseconds every);

  [[nodiscard]] static task<result<void>> write(std::shared_ptr<response_stream> self, std::string bytes);
  [[nodiscard]] static task<void> closed(std::shared_ptr<response_stream> self);
  [[nodiscard]] bool is_open() const noexcept { return open_ && !stopping_; }

  /// Sends what is queued, plus the last chunk if the content is complete, and gives the connection back. Returns whether
  /// the connection is still usable.
  [[nodiscard]] static task<bool> end(std::shared_ptr<response_stream> self, bool complete);

  void stop() override;

 private:
  static task<void> send(std::shared_ptr<response_stream> self);
  static task<void> watch(std::shared_ptr<response_stream> self);
  void on_time(time_point now) override;
  void add(std::string_view bytes);
  void start_sending();
  void over(const std::exception_ptr& failure) noexcept;
  void close(error why);

  stream_carrier carrier_;
  const bool chunked_;
  bool open_ = true;
  bool stopping_ = false;
  bool ending_ = false;
  bool sending_ = false;   // send() is running.
  bool watching_ = false;  // watch() is running.
  std::chrono::milliseconds comment_after_{0};
  std::string pending_;
  std::string leaving_;
  std::uint64_t queued_ = 0;  // Bytes queued since the beginning.
  std::uint64_t sent_ = 0;    // Bytes sent since the beginning.
  error failure_{errc::closed};
  loop_waiters moved_;
};

}  // namespace twinsocket::detail
