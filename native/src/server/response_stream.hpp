#pragma once

// The content of one answer on its way to the client, in pieces: what a response_writer writes, the client's going away, and
// the comments that keep a silent event stream alive.

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

/// What it borrows of its connection, until end() is over.
struct stream_carrier {
  byte_stream& stream;
  deadline& limit;
  boost::beast::flat_buffer& ahead;  ///< Where further requests go that come meanwhile.
  std::chrono::milliseconds idle_time;
};

class response_stream final : public std::enable_shared_from_this<response_stream>, public stoppable, private timer {
 public:
  response_stream(stream_carrier carrier, bool chunked) : carrier_(carrier), chunked_(chunked) {}

  /// Reads from the connection to see the client go away.
  void watch_client();
  /// Sends a comment whenever nothing was sent for so long, and closes when the server stops.
  void keep_alive(std::chrono::milliseconds every);

  [[nodiscard]] static task<result<void>> write(std::shared_ptr<response_stream> self, std::string bytes);
  [[nodiscard]] static task<void> closed(std::shared_ptr<response_stream> self);
  [[nodiscard]] bool is_open() const noexcept { return open_ && !stopping_; }

  /// Sends what is left, with the end of the chunks where the content is complete, and gives the connection back. False where
  /// the connection is of no use any more.
  [[nodiscard]] static task<bool> end(std::shared_ptr<response_stream> self, bool complete);

  void stop() override;

 private:
  static task<void> send(std::shared_ptr<response_stream> self);
  static task<void> watch(std::shared_ptr<response_stream> self);
  void on_time(time_point now) override;
  void add(std::string_view bytes);
  void start_sending();
  void close(error why);

  stream_carrier carrier_;
  const bool chunked_;
  bool open_ = true;
  bool stopping_ = false;
  bool ending_ = false;
  bool sending_ = false;   // send() runs.
  bool watching_ = false;  // watch() runs.
  std::chrono::milliseconds comment_after_{0};
  std::string pending_;
  std::string leaving_;
  std::uint64_t queued_ = 0;  // Bytes since the beginning,
  std::uint64_t sent_ = 0;    // and those of them that are sent.
  error failure_{errc::closed};
  loop_waiters moved_;
};

}  // namespace twinsocket::detail
