#pragma once

// Opening a connection with what only a native client can do.

#include <string>
#include <utility>

#include "twinsocket/connect.hpp"
#include "twinsocket/native/compression.hpp"
#include "twinsocket/native/tls.hpp"

namespace twinsocket::native {

/// What both platforms have, and more:
///
///   co_await native::connect(url, native::connect_options(connect_options().subprotocol("feed")).compression(true));
class connect_options {
 public:
  connect_options(twinsocket::connect_options common = {}) : common_(std::move(common)) {}
  [[nodiscard]] const twinsocket::connect_options& common() const noexcept { return common_; }

  /// Offers to compress messages: no. Whether the server takes the offer is its choice; an answer to it that RFC 7692
  /// section 7.1 does not allow is errc::handshake_failed, and an option out of its range errc::invalid_argument.
  connect_options& compression(const compression_options& values) { compression_ = values; return *this; }
  [[nodiscard]] const compression_options& compression() const noexcept { return compression_; }

  /// How TLS is spoken, for wss://.
  connect_options& tls(tls_options values) { tls_ = std::move(values); return *this; }
  [[nodiscard]] const tls_options& tls() const noexcept { return tls_; }

 private:
  twinsocket::connect_options common_;
  compression_options compression_{false};
  tls_options tls_;
};

/// As twinsocket::connect().
[[nodiscard]] task<result<connection>> connect(std::string url, connect_options options);

}  // namespace twinsocket::native
