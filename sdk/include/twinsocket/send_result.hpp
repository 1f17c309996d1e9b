#pragma once

// What became of a message that was sent.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include "twinsocket/error.hpp"

namespace twinsocket {

enum class send_status : std::uint8_t {
  accepted,  ///< On its way: the network takes what is sent.
  queued,    ///< In the outbound queue, behind bytes that the network has not taken yet.
  refused,   ///< Not sent; the error says why.
};

/// Converts to true unless the message was refused. It may be left unread: a connection that has ended tells so in
/// receive() and closed() too.
class send_result {
 public:
  explicit send_result(send_status status) noexcept : status_(status) {}
  send_result(twinsocket::error why) : status_(send_status::refused), error_(std::move(why)) {}

  [[nodiscard]] send_status status() const noexcept { return status_; }
  explicit operator bool() const noexcept { return status_ != send_status::refused; }
  /// Why it was refused; only then.
  [[nodiscard]] const twinsocket::error& error() const { return *error_; }

 private:
  send_status status_;
  std::optional<twinsocket::error> error_;
};

}  // namespace twinsocket
