#pragma once

// The content of a request, read piece by piece: for uploads that are larger than memory. A handler that takes one as its second
// argument is called as soon as the header is there:
//
//   server.on("PUT", "/files/{name}", [](const request& asked, request_body& body) -> task<response> {
//     while (!body.at_end()) {
//       auto piece = co_await body.read();
//       if (!piece) co_return response(400);
//       store(*piece);
//     }
//     co_return response(201);
//   });
//
// On the connection's own thread; it lives until the answer is sent.

#include <cstdint>
#include <optional>
#include <string_view>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {

/// Where a body comes from.
class body_source {
 public:
  [[nodiscard]] virtual task<result<std::string_view>> read_piece() = 0;
  [[nodiscard]] virtual bool at_end() const noexcept = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> body_size() const = 0;

 protected:
  ~body_source() = default;
};

}  // namespace detail

class request_body {
 public:
  explicit request_body(detail::body_source& from) noexcept : source_(&from) {}
  request_body(const request_body&) = delete;
  request_body& operator=(const request_body&) = delete;

  /// Waits for the next bytes, at most some 48 KiB. The view is good until the next read; it is empty at the end. The first
  /// read tells a client to go on that waits for that (Expect: 100-continue).
  ///
  /// errc::message_too_big beyond server_options::max_streamed_body_size, errc::timed_out when nothing comes for
  /// server_options::idle_time, or the content too slowly in all (see max_streamed_body_size), errc::protocol_violation for broken chunks, errc::closed when the client goes away before the
  /// end. After an error the connection ends with the answer.
  [[nodiscard]] task<result<std::string_view>> read() { return source_->read_piece(); }

  /// True once all of it has been read; at once where there is none.
  [[nodiscard]] bool at_end() const noexcept { return source_->at_end(); }

  /// How much it is in all, where the client says so: the Content-Length.
  [[nodiscard]] std::optional<std::uint64_t> size() const { return source_->body_size(); }

 private:
  detail::body_source* source_;
};

}  // namespace twinsocket
