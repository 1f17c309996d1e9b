#pragma once

// What a server answers a request with. A plain value.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
};

}  // namespace twinsocket
