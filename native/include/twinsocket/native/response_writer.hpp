#pragma once

// The content of an answer that is written while it is sent: see response::stream() and response::events().
//
//   server.get("/primes", [](const request&) {
//     return response::stream("text/plain", [](response_writer& out) -> task<void> {
//       for (std::uint64_t n = 2;; n = next_prime(n))
//         if (!co_await out.write(std::to_string(n) + "\n")) co_return;   // the client has gone
//     });
//   });
//
// On the connection's own thread. A writer lives until the function that was given it ends.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {
class response_stream;
}

class response_writer {
 public:
  explicit response_writer(std::shared_ptr<detail::response_stream> stream) : stream_(std::move(stream)) {}

  /// Sends bytes behind those of earlier calls, and waits until the network has taken them: a client that reads slowly slows
  /// the writer down. Each call is one chunk (RFC 9112 section 7.1). errc::closed once the client has gone away,
  /// errc::timed_out when it has taken nothing for server_options::idle_time. The wait may be given up; the bytes are sent
  /// all the same.
  [[nodiscard]] task<result<void>> write(std::string bytes);

  /// False once nothing more can be written.
  [[nodiscard]] bool is_open() const noexcept;

  /// Waits until that is so, for functions that wait for something else meanwhile. A client that ends its sending direction
  /// counts as gone. It is not noticed before the next write when the client has sent 16 KiB of further requests, or while
  /// request_body still has content to read.
  [[nodiscard]] task<void> closed();

 private:
  std::shared_ptr<detail::response_stream> stream_;
};

/// Writes the content of an answer, and ends it by returning. An exception that leaves it cuts the connection, so that the
/// client does not take the answer for complete, and is logged.
using response_function = std::function<task<void>(response_writer&)>;

/// One event of a server-sent event stream (the WHATWG's HTML, section 9.2).
class server_sent_event {
 public:
  /// The data is UTF-8 of any number of lines.
  server_sent_event(std::string data) : data_(std::move(data)) {}

  /// The event's type, which a page listens to by addEventListener(type). Default: "", which is "message".
  server_sent_event& type(std::string name) {
    type_ = std::move(name);
    return *this;
  }
  /// What a page that reconnects sends back as Last-Event-ID. Default: none.
  server_sent_event& id(std::string value) {
    id_ = std::move(value);
    return *this;
  }
  /// How long a page waits before it reconnects. Default: the browser's choice.
  server_sent_event& retry(std::chrono::milliseconds time) {
    retry_ = time;
    has_retry_ = true;
    return *this;
  }

  /// The event as it is sent. errc::invalid_utf8, or errc::invalid_argument for a type or an id with a line end or a NUL in it and
  /// for a negative time.
  [[nodiscard]] result<std::string> text() const;

 private:
  std::string data_;
  std::string type_;
  std::string id_;
  std::chrono::milliseconds retry_{0};
  bool has_retry_ = false;
};

/// Sends server-sent events.
class event_writer {
 public:
  explicit event_writer(response_writer& out) noexcept : out_(&out) {}

  /// Sends an event, or text as the data of one, and waits as response_writer::write() does. The errors are those of
  /// server_sent_event::text(), after which the stream goes on, and of write().
  [[nodiscard]] task<result<void>> send(server_sent_event event);
  [[nodiscard]] task<result<void>> send(std::string data) { return send(server_sent_event(std::move(data))); }

  /// As of response_writer; besides, a server that stops closes the stream.
  [[nodiscard]] bool is_open() const noexcept { return out_->is_open(); }
  [[nodiscard]] task<void> closed() { return out_->closed(); }

 private:
  response_writer* out_;
};

/// Sends events until it returns; then the client reconnects, unless it was told otherwise.
using event_function = std::function<task<void>(event_writer&)>;

}  // namespace twinsocket
