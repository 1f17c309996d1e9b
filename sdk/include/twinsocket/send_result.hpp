#pragma once

// The result of sending a message.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <utility>

#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket {

/// What became of a message.
enum class send_status : std::uint8_t {
  accepted,  ///< Passed to the network, which accepts data.
  queued,    ///< In the send queue, behind bytes that the network has not accepted yet.
  refused,   ///< Not sent; error() gives the reason.
};

/// Converts to true unless the message was refused. May be discarded: receive() and closed() also report that a
/// connection has ended.
class send_result {
 public:
  explicit send_result(send_status status) noexcept : status_(status) {}
  send_result(twinsocket::error why) : error_(std::move(why)), status_(send_status::refused) {}

  /// Also tells whether the network accepts data at once.
  [[nodiscard]] send_status status() const noexcept { return status_; }
  explicit operator bool() const noexcept { return status_ != send_status::refused; }
  /// Why the message was refused; with errc::ok if it was not.
  [[nodiscard]] const twinsocket::error& error() const& TWINSOCKET_LIFETIMEBOUND { return error_; }
  [[nodiscard]] twinsocket::error error() const&& { return error_; }

 private:
  [[no_unique_address]] twinsocket::error error_;  // With a code only if the message was refused.
  send_status status_;                             // In the padding of the error.
};

}  // namespace twinsocket
