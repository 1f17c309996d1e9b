#pragma once

// What a server answers a request with. A plain value.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twinsocket/native/response_writer.hpp"

namespace twinsocket {

/// A header of HTTP: name and value.
using header_field = std::pair<std::string, std::string>;

/// Date, Content-Length and what concerns the connection are added by the server. A header that may not be sent (a name
/// that is not a token, control characters in a value, or one of those) makes the answer a 500 and a line in the log.
class response {
 public:
  /// An answer without content.
  explicit response(unsigned status = 200) noexcept : status_(status) {}

  /// 200 with content of a usual type, in UTF-8.
  [[nodiscard]] static response text(std::string content) {
    return of(std::move(content), "text/plain; charset=utf-8");
  }
  [[nodiscard]] static response html(std::string content) { return of(std::move(content), "text/html; charset=utf-8"); }
  [[nodiscard]] static response json(std::string content) { return of(std::move(content), "application/json"); }

  /// 200 with content that a function writes while it is sent, in chunks; see response_writer.hpp. The function is called once
  /// the header is sent, not at all for HEAD, and kept until it ends; so is the request that the handler was given.
  [[nodiscard]] static response stream(std::string type, response_function function) {
    response r;
    r.header("Content-Type", std::move(type));
    r.writer_ = std::move(function);
    return r;
  }

  /// 200 with server-sent events. After `comment_after` without an event a comment is sent, which finds a client that is gone and
  /// keeps proxies from giving up; the client does not see it. Default: 15 s. A server that stops ends the stream.
  [[nodiscard]] static response events(event_function function,
                                       std::chrono::milliseconds comment_after = std::chrono::seconds(15)) {
    response r = stream("text/event-stream", [function = std::move(function)](response_writer& out) -> task<void> {
      event_writer events(out);
      co_await function(events);
    });
    // nginx keeps answers back until they are large, unless it is told.
    r.header("Cache-Control", "no-cache").header("X-Accel-Buffering", "no");
    r.comment_after_ = comment_after;
    return r;
  }
  [[nodiscard]] const response_function& writer() const noexcept { return writer_; }
  /// 0 for what is no stream of events.
  [[nodiscard]] std::chrono::milliseconds comment_after() const noexcept { return comment_after_; }

  response& status(unsigned code) { status_ = code; return *this; }
  [[nodiscard]] unsigned status() const noexcept { return status_; }

  /// Adds a header; one that may come more than once, such as Set-Cookie, is added once for each.
  response& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  [[nodiscard]] const std::vector<header_field>& headers() const noexcept { return headers_; }

  /// The content, and its Content-Type.
  response& body(std::string content, std::string type) {
    body_ = std::move(content);
    return header("Content-Type", std::move(type));
  }
  [[nodiscard]] const std::string& body() const noexcept { return body_; }

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
  std::chrono::milliseconds comment_after_{0};
};

}  // namespace twinsocket
