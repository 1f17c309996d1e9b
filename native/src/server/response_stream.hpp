#pragma once

// Sends the content of one streamed response: queues what a response_writer writes, detects when the client disconnects, and
// sends comments that keep an idle event stream alive.

#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "loop_event.hpp"
#include "server/connection_record.hpp"
#include "transport/http_stream.hpp"
#include "transport/socket_timeout.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// Size of one write of a response. The idle timeout applies to each write.
inline constexpr std::size_t max_write_size = 64 * 1024;

/// What a response_stream borrows from its connection until end() has completed.
struct response_stream_context {
  http_stream& stream;
  socket_timeout& limit;
  boost::beast::flat_buffer& pipelined;  ///< Buffers pipelined requests.
  std::chrono::milliseconds idle_timeout;
};

class response_stream final : public std::enable_shared_from_this<response_stream>,
                              public stop_observer,
                              private timer {
 public:
  response_stream(response_stream_context context, bool chunked) : context_(context), chunked_(chunked) {}

  /// Reads from the connection, to detect that the client disconnects.
  void watch_disconnect();
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
  void on_timer(time_point now) override;
  void add(std::string_view bytes);
  void start_sending();
  void on_task_end(const std::exception_ptr& failure) noexcept;
  void close(error why);

  response_stream_context context_;
  const bool chunked_;
  bool open_ = true;
  bool stopping_ = false;
  bool ending_ = false;
  bool sending_ = false;   // send() is running.
  bool watching_ = false;  // watch() is running.
  std::chrono::milliseconds comment_interval_{0};
  std::string pending_;
  std::string write_buffer_;
  std::uint64_t queued_ = 0;  // Bytes queued since the beginning.
  std::uint64_t sent_ = 0;    // Bytes sent since the beginning.
  error failure_{errc::closed};
  loop_event progress_;
};

}  // namespace twinsocket::detail
