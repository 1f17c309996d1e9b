#pragma once

// Two connections that talk to each other in memory: for testing conversations without a network, on both targets.

#include <string>
#include <utility>

#include "twinsocket/connection.hpp"
#include "twinsocket/keepalive.hpp"
#include "twinsocket/limits.hpp"

namespace twinsocket {

/// What both ends of a pair are like.
class pair_options {
 public:
  pair_options& limits(const twinsocket::limits& values) { limits_ = values; return *this; }
  [[nodiscard]] const twinsocket::limits& limits() const noexcept { return limits_; }

  pair_options& keepalive(const twinsocket::keepalive& values) { keepalive_ = values; return *this; }
  [[nodiscard]] const twinsocket::keepalive& keepalive() const noexcept { return keepalive_; }

  /// The subprotocol that both ends say was agreed on: none.
  pair_options& subprotocol(std::string name) { subprotocol_ = std::move(name); return *this; }
  [[nodiscard]] const std::string& subprotocol() const noexcept { return subprotocol_; }

  /// Bytes that are under way in one direction before the sender has to wait, as in a socket's buffers: 64 KiB.
  pair_options& capacity(std::size_t bytes) { capacity_ = bytes; return *this; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  twinsocket::limits limits_;
  twinsocket::keepalive keepalive_;
  std::string subprotocol_;
  std::size_t capacity_ = 64 * kib;
};

/// Two ends of one conversation, already open. They speak RFC 6455 to each other, frame by frame.
struct connection_pair {
  connection client;
  connection server;
};

/// Makes a pair on the event loop of the task that calls this.
[[nodiscard]] connection_pair make_connection_pair(const pair_options& options = {});

}  // namespace twinsocket
