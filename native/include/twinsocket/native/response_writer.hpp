#pragma once

// Streamed response content; see response::stream() and response::events().
//
//   server.get("/primes", [](const request&) {
//     return response::stream("text/plain", [](response_writer& out) -> task<void> {
//       for (std::uint64_t n = 2;; n = next_prime(n))
//         if (!co_await out.write(std::to_string(n) + "\n")) co_return;   // the client has gone
//     });
//   });
//
// Use it on the connection's thread. A writer is valid until the function that received it ends.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {
class response_stream;
}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// Writes the content of a streamed response. Use it on the connection's thread. It is valid until the function that
/// received it ends.
class response_writer {
 public:
  explicit response_writer(std::shared_ptr<detail::response_stream> stream) : stream_(std::move(stream)) {}

  /// Appends bytes to the content and waits until the network has accepted them, so a slow client exerts backpressure. Each
  /// call is one chunk (RFC 9112 section 7.1). Errors: errc::closed once the client has disconnected; errc::timed_out if it
  /// has accepted nothing for server_options::idle_timeout. If the wait is cancelled, the bytes are still sent.
  [[nodiscard]] task<result<void>> write(std::string bytes);

  /// False once writing is no longer possible.
  [[nodiscard]] bool is_open() const noexcept;

  /// Waits until is_open() is false, for functions that await something else at the same time. A client that shuts down its
  /// sending direction counts as disconnected. A disconnect is not detected before the next write if the client has already
  /// sent 16 KiB of further requests, or while request_body has unread content.
  [[nodiscard]] task<void> closed();

 private:
  std::shared_ptr<detail::response_stream> stream_;
};

/// Writes the content of a response; returning ends the content. An exception is logged and aborts the connection, so that
/// the client does not mistake the response for complete.
using response_function = std::function<task<void>(response_writer&)>;

/// One server-sent event (WHATWG HTML section 9.2).
class server_sent_event {
 public:
  /// `data` is UTF-8 with any number of lines.
  server_sent_event(std::string data) : data_(std::move(data)) {}

  /// The event type, for addEventListener(type) in a page. Default: "", which means "message".
  server_sent_event& type(std::string name) {
    type_ = std::move(name);
    return *this;
  }
  /// The event ID, which a page sends as Last-Event-ID when it reconnects. Default: none.
  server_sent_event& id(std::string value) {
    id_ = std::move(value);
    return *this;
  }
  /// Delay before a page reconnects. Default: chosen by the browser.
  server_sent_event& retry(std::chrono::milliseconds time) {
    retry_ = time;
    has_retry_ = true;
    return *this;
  }

  /// The serialized event. Errors: errc::invalid_utf8; errc::invalid_argument for a type or an ID that contains a line end
  /// or NUL, and for a negative retry time.
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

  /// Sends an event, or a text as the data of an event, and waits as response_writer::write() does. Errors: those of
  /// server_sent_event::text(), after which the stream stays open, and those of write().
  [[nodiscard]] task<result<void>> send(server_sent_event event);
  [[nodiscard]] task<result<void>> send(std::string data) { return send(server_sent_event(std::move(data))); }

  /// As in response_writer. The stream also closes when the server stops.
  [[nodiscard]] bool is_open() const noexcept { return out_->is_open(); }
  [[nodiscard]] task<void> closed() { return out_->closed(); }  ///< Waits until is_open() is false.

 private:
  response_writer* out_;
};

/// Sends events until it returns. The browser then reconnects unless the page closes its EventSource.
using event_function = std::function<task<void>(event_writer&)>;

}  // namespace native
}  // namespace twinsocket
