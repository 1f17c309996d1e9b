#pragma once

// Sends the output of a TLS engine.

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <span>
#include <utility>

#include "tls/tls_engine.hpp"

namespace twinsocket::detail {

class tls_output {
 public:
  /// Sends what the engine has written, by one call of `send(bytes, failure)`, which returns how many bytes were accepted.
  /// True if all of it is sent. Otherwise `failure` has the error, or the socket has to become writable first.
  template <class Send>
  [[nodiscard]] bool flush(tls_engine& engine, Send&& send, boost::system::error_code& failure) {
    buffer& output = engine.output();
    if (output.empty()) return true;
    sent_ += std::forward<Send>(send)(output.bytes().subspan(sent_), failure);
    if (failure == boost::asio::error::would_block) failure = {};
    if (failure || sent_ < output.size()) return false;
    output.reset();
    sent_ = 0;
    return true;
  }

 private:
  std::size_t sent_ = 0;  // Bytes of the engine's output that have been sent.
};

}  // namespace twinsocket::detail
