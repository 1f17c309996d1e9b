#pragma once

// A setter and its getter take one line each.
// clang-format off

// An HTTP response of a server. A plain value.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/native/response_writer.hpp"

namespace twinsocket {
inline namespace native {

/// An HTTP header field: name and value.
using header_field = std::pair<std::string, std::string>;

/// The server adds Date, Content-Length and the connection headers. If you set one of those, a name that is not a token, or
/// a value with control characters, the server sends 500 instead and logs an error.
class response {
 public:
  /// A response without content.
  explicit response(unsigned status = 200) noexcept : status_(status) {}

  /// 200 with UTF-8 content of a common type.
  [[nodiscard]] static response text(std::string content) {
    return of(std::move(content), "text/plain; charset=utf-8");
  }
  /// 200 with UTF-8 HTML.
  [[nodiscard]] static response html(std::string content) { return of(std::move(content), "text/html; charset=utf-8"); }
  /// 200 with a JSON text, which is not checked.
  [[nodiscard]] static response json(std::string content) { return of(std::move(content), "application/json"); }

  /// 200 with chunked content that a function writes while it is being sent; see response_writer.hpp. The function is called
  /// after the header has been sent, and not at all for HEAD. The function and the handler's request are kept until the
  /// function's task ends.
  [[nodiscard]] static response stream(std::string type, response_function function) {
    response r;
    r.header("Content-Type", std::move(type));
    r.writer_ = std::move(function);
    return r;
  }

  /// 200 with a stream of server-sent events. After `comment_interval` without an event the server sends a comment, which pages
  /// ignore. It detects clients that have disconnected and prevents proxy timeouts. Default: 15 s. The stream ends when the
  /// server stops.
  [[nodiscard]] static response events(event_function function,
                                       std::chrono::milliseconds comment_interval = std::chrono::seconds(15)) {
    response r = stream("text/event-stream", [function = std::move(function)](response_writer& out) -> task<void> {
      event_writer events(out);
      co_await function(events);
    });
    // X-Accel-Buffering turns off nginx's response buffering, which would delay the events.
    r.header("Cache-Control", "no-cache").header("X-Accel-Buffering", "no");
    r.comment_interval_ = comment_interval;
    return r;
  }
  /// The function that writes the content; empty unless made by stream() or events().
  [[nodiscard]] const response_function& writer() const noexcept TWINSOCKET_LIFETIMEBOUND { return writer_; }
  /// 0 if the response is not an event stream.
  [[nodiscard]] std::chrono::milliseconds comment_interval() const noexcept { return comment_interval_; }

  /// The status code. Default: 200.
  response& status(unsigned code) { status_ = code; return *this; }
  [[nodiscard]] unsigned status() const noexcept { return status_; }

  /// Adds a header. Call it repeatedly for a header with several fields, such as Set-Cookie.
  response& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  /// All header fields that were set, without those that the server adds.
  [[nodiscard]] const std::vector<header_field>& headers() const noexcept TWINSOCKET_LIFETIMEBOUND { return headers_; }

  /// Sets the content and its Content-Type.
  response& body(std::string content, std::string type) {
    body_ = std::move(content);
    return header("Content-Type", std::move(type));
  }
  [[nodiscard]] const std::string& body() const noexcept TWINSOCKET_LIFETIMEBOUND { return body_; }

 private:
  [[nodiscard]] static response of(std::string content, std::string type) {
    response r;
    r.body(std::move(content), std::move(type));
    return r;
  }

  unsigned status_;
  std::vector<header_field> headers_;
  std::string body_;
  response_function writer_;
  std::chrono::milliseconds comment_interval_{0};
};

}  // namespace native
}  // namespace twinsocket
