#pragma once

// A request body that the handler reads piece by piece, for uploads of any size. A handler that takes a request_body as its
// second argument is called as soon as the header has been received:
//
//   server.on("PUT", "/files/{name}", [](const request& req, request_body& body) -> task<response> {
//     while (!body.at_end()) {
//       auto piece = co_await body.read();
//       if (!piece) co_return response(400);
//       store(*piece);
//     }
//     co_return response(201);
//   });
//
// Use it on the connection's thread. It is valid until the response is sent.

#include <cstdint>
#include <optional>
#include <string_view>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// Source of a request body.
class body_source {
 public:
  [[nodiscard]] virtual task<result<std::string_view>> read_some() = 0;
  [[nodiscard]] virtual bool at_end() const noexcept = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> body_size() const = 0;

 protected:
  ~body_source() = default;
};

}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// A request body that the handler reads piece by piece. Use it on the connection's thread. It is valid until the
/// response is sent.
class request_body {
 public:
  explicit request_body(detail::body_source& from) noexcept : source_(&from) {}
  request_body(const request_body&) = delete;
  request_body& operator=(const request_body&) = delete;

  /// Waits for the next bytes, at most about 48 KiB. The view is valid until the next read and empty at the end of the body.
  /// The first read sends "100 Continue" if the client expects it (Expect: 100-continue).
  ///
  /// Errors: errc::message_too_big beyond server_options::max_streamed_body_size; errc::timed_out if nothing arrives for
  /// server_options::idle_timeout, or the body as a whole is too slow (see max_streamed_body_size); errc::protocol_violation
  /// for malformed chunks; errc::closed if the client disconnects before the end. After an error the connection closes once
  /// the response has been sent.
  [[nodiscard]] task<result<std::string_view>> read() { return source_->read_some(); }

  /// True once the whole body has been read, and from the start if there is none.
  [[nodiscard]] bool at_end() const noexcept { return source_->at_end(); }

  /// The Content-Length, if the client sends one.
  [[nodiscard]] std::optional<std::uint64_t> size() const { return source_->body_size(); }

 private:
  detail::body_source* source_;
};

}  // namespace native
}  // namespace twinsocket
